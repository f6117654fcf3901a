<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>AccessRulesInput</name>
    <message numerus="yes">
        <source>%n known; they are offered while you type.</source>
        <translation>
            <numerusform>%n known; they are offered while you type.</numerusform>
            <numerusform>%n known; they are offered while you type.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CheckConnectorDialog</name>
    <message numerus="yes">
        <source>The connection works, with %n warning(s).</source>
        <translation>
            <numerusform>The connection works, with %n warning.</numerusform>
            <numerusform>The connection works, with %n warnings.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CheckPane</name>
    <message numerus="yes">
        <source>Checked %1: %n line(s) need attention.</source>
        <translation>
            <numerusform>Checked %1: %n line needs attention.</numerusform>
            <numerusform>Checked %1: %n lines need attention.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ComponentStatusPage</name>
    <message numerus="yes">
        <source>Counted over the newest %n messages; choose a shorter viewing period to count them all.</source>
        <translation>
            <numerusform>Counted over the newest %n messages; choose a shorter viewing period to count them all.</numerusform>
            <numerusform>Counted over the newest %n messages; choose a shorter viewing period to count them all.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n components are selected.</source>
        <translation>
            <numerusform>%n components are selected.</numerusform>
            <numerusform>%n components are selected.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n component(s)</source>
        <translation>
            <numerusform>%n component</numerusform>
            <numerusform>%n components</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ConnectorAccessForm</name>
    <message numerus="yes">
        <source>%n phone(s) get mail by the default alone and lose it as soon as this is saved.</source>
        <translation>
            <numerusform>%n phone gets mail by the default alone and loses it as soon as this is saved.</numerusform>
            <numerusform>%n phones get mail by the default alone and lose it as soon as this is saved.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ConnectorRules</name>
    <message numerus="yes">
        <source>Every %n hour(s)</source>
        <translation>
            <numerusform>Every %n hour</numerusform>
            <numerusform>Every %n hours</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Every %n day(s) at %1</source>
        <extracomment>%1 is a time of day</extracomment>
        <translation>
            <numerusform>Every %n day at %1</numerusform>
            <numerusform>Every %n days at %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Every %n day(s)</source>
        <translation>
            <numerusform>Every %n day</numerusform>
            <numerusform>Every %n days</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ConnectorTexts</name>
    <message numerus="yes">
        <source>Every %n minute(s)</source>
        <translation>
            <numerusform>Every %n minute</numerusform>
            <numerusform>Every %n minutes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Not synchronized for more than %n day(s)</source>
        <translation>
            <numerusform>Not synchronized for more than %n day</numerusform>
            <numerusform>Not synchronized for more than %n days</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ConnectorsPage</name>
    <message numerus="yes">
        <source>%n connector(s)</source>
        <translation>
            <numerusform>%n connector</numerusform>
            <numerusform>%n connectors</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1, %n selected</source>
        <translation>
            <numerusform>%1, %n selected</numerusform>
            <numerusform>%1, %n selected</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n connectors are selected.</source>
        <translation>
            <numerusform>%n connectors are selected.</numerusform>
            <numerusform>%n connectors are selected.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DeleteConnectorDialog</name>
    <message numerus="yes">
        <source>Delete %n connectors?</source>
        <translation>
            <numerusform>Delete %n connectors?</numerusform>
            <numerusform>Delete %n connectors?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entry(s) are removed; Exchange&apos;s own rules then decide about these phones.</source>
        <translation>
            <numerusform>%n entry is removed; Exchange&apos;s own rules then decide about these phones.</numerusform>
            <numerusform>%n entries are removed; Exchange&apos;s own rules then decide about these phones.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entry(s) stay in Exchange, and nobody maintains them any more: blocked phones stay blocked.</source>
        <translation>
            <numerusform>%n entry stays in Exchange, and nobody maintains it any more: blocked phones stay blocked.</numerusform>
            <numerusform>%n entries stay in Exchange, and nobody maintains them any more: blocked phones stay blocked.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DeleteTenantCommand</name>
    <message numerus="yes">
        <source>Disconnect %n tenants?</source>
        <translation>
            <numerusform>Disconnect %n tenants?</numerusform>
            <numerusform>Disconnect %n tenants?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DeviceSentences</name>
    <message numerus="yes">
        <source>%n minute(s) ago</source>
        <translation>
            <numerusform>%n minute ago</numerusform>
            <numerusform>%n minutes ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hour(s) ago</source>
        <translation>
            <numerusform>%n hour ago</numerusform>
            <numerusform>%n hours ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s) ago</source>
        <translation>
            <numerusform>%n day ago</numerusform>
            <numerusform>%n days ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The grace period ends in %n hour(s).</source>
        <translation>
            <numerusform>The grace period ends in %n hour.</numerusform>
            <numerusform>The grace period ends in %n hours.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DeviceTableModel</name>
    <message numerus="yes">
        <source>Group %1, %n device(s)</source>
        <translation>
            <numerusform>Group %1, %n device</numerusform>
            <numerusform>Group %1, %n devices</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DevicesPage</name>
    <message numerus="yes">
        <source>%n device(s)</source>
        <translation>
            <numerusform>%n device</numerusform>
            <numerusform>%n devices</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>EnableConnectorCommand</name>
    <message numerus="yes">
        <source>Disable %n connectors?</source>
        <translation>
            <numerusform>Disable %n connectors?</numerusform>
            <numerusform>Disable %n connectors?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ErrorText</name>
    <message numerus="yes">
        <source> %n second(s)</source>
        <extracomment>follows &quot;asks to wait&quot;</extracomment>
        <translation>
            <numerusform> %n second</numerusform>
            <numerusform> %n seconds</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExportMessagesCommand</name>
    <message numerus="yes">
        <source>%n message(s) saved to %1</source>
        <translation>
            <numerusform>%n message saved to %1</numerusform>
            <numerusform>%n messages saved to %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FormListInput</name>
    <message numerus="yes">
        <source>%n further line(s) cannot be used either.</source>
        <translation>
            <numerusform>%n further line cannot be used either.</numerusform>
            <numerusform>%n further lines cannot be used either.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>JobBar</name>
    <message numerus="yes">
        <source>%n more job(s)</source>
        <translation>
            <numerusform>%n more job</numerusform>
            <numerusform>%n more jobs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MessageDetails</name>
    <message numerus="yes">
        <source>%n messages are selected.</source>
        <translation>
            <numerusform>%n messages are selected.</numerusform>
            <numerusform>%n messages are selected.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>OverviewPage</name>
    <message numerus="yes">
        <source>%n device(s)</source>
        <translation>
            <numerusform>%n device</numerusform>
            <numerusform>%n devices</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>device(s)</source>
        <comment>under the number in the chart</comment>
        <translation>
            <numerusform>device</numerusform>
            <numerusform>devices</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RemoteActionDialog</name>
    <message numerus="yes">
        <source>%1: %n device(s)</source>
        <translation>
            <numerusform>%1: %n device</numerusform>
            <numerusform>%1: %n devices</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of the requests failed.</source>
        <translation>
            <numerusform>%n of the requests failed.</numerusform>
            <numerusform>%n of the requests failed.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SiteNotices</name>
    <message numerus="yes">
        <source>%n object(s) could not be read.</source>
        <translation>
            <numerusform>%n object could not be read.</numerusform>
            <numerusform>%n objects could not be read.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StatusMessagesView</name>
    <message numerus="yes">
        <source>%n message(s)</source>
        <translation>
            <numerusform>%n message</numerusform>
            <numerusform>%n messages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The newest %n messages of this period</source>
        <translation>
            <numerusform>The newest %n messages of this period</numerusform>
            <numerusform>The newest %n messages of this period</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n status message(s)</source>
        <translation>
            <numerusform>%n status message</numerusform>
            <numerusform>%n status messages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1, %n selected</source>
        <extracomment>%1 &quot;12 status messages&quot;</extracomment>
        <translation>
            <numerusform>%1, %n selected</numerusform>
            <numerusform>%1, %n selected</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StatusMessagesWindow</name>
    <message numerus="yes">
        <source>%n message(s) saved to %1</source>
        <translation>
            <numerusform>%n message saved to %1</numerusform>
            <numerusform>%n messages saved to %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SyncChart</name>
    <message numerus="yes">
        <source>%n synchronization(s)</source>
        <translation>
            <numerusform>%n synchronization</numerusform>
            <numerusform>%n synchronizations</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them failed.</source>
        <translation>
            <numerusform>%n of them failed.</numerusform>
            <numerusform>%n of them failed.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SyncHistoryPage</name>
    <message numerus="yes">
        <source>%n synchronization(s)</source>
        <translation>
            <numerusform>%n synchronization</numerusform>
            <numerusform>%n synchronizations</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SynchronizeNowCommand</name>
    <message numerus="yes">
        <source>Start a full synchronization of %n connectors now?</source>
        <translation>
            <numerusform>Start a full synchronization of %n connectors now?</numerusform>
            <numerusform>Start a full synchronization of %n connectors now?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TenantSyncForm</name>
    <message numerus="yes">
        <source>Every %n second(s)</source>
        <translation>
            <numerusform>Every %n second</numerusform>
            <numerusform>Every %n seconds</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TenantTexts</name>
    <message numerus="yes">
        <source>%n permission(s) of %1 are missing.</source>
        <translation>
            <numerusform>%n permission of %1 is missing.</numerusform>
            <numerusform>%n permissions of %1 are missing.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TenantsPage</name>
    <message numerus="yes">
        <source>%n tenants are selected.</source>
        <translation>
            <numerusform>%n tenants are selected.</numerusform>
            <numerusform>%n tenants are selected.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n tenant(s)</source>
        <translation>
            <numerusform>%n tenant</numerusform>
            <numerusform>%n tenants</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1, %n selected</source>
        <translation>
            <numerusform>%1, %n selected</numerusform>
            <numerusform>%1, %n selected</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>UserDetails</name>
    <message numerus="yes">
        <source>%n users are selected.</source>
        <translation>
            <numerusform>%n users are selected.</numerusform>
            <numerusform>%n users are selected.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>UsersPage</name>
    <message numerus="yes">
        <source>%n user(s)</source>
        <translation>
            <numerusform>%n user</numerusform>
            <numerusform>%n users</numerusform>
        </translation>
    </message>
</context>
</TS>
