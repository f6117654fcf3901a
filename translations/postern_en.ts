<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
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
    <name>postern::commands::DeleteConnectorCommand</name>
    <message numerus="yes">
        <source>Delete %n connectors?</source>
        <translation>
            <numerusform>Delete %n connectors?</numerusform>
            <numerusform>Delete %n connectors?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>postern::commands::SynchronizeNowCommand</name>
    <message numerus="yes">
        <source>Start a full synchronization of %n connectors now?</source>
        <translation>
            <numerusform>Start a full synchronization of %n connectors now?</numerusform>
            <numerusform>Start a full synchronization of %n connectors now?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>postern::connectors::CheckConnectorDialog</name>
    <message numerus="yes">
        <source>The connection works, with %n warning(s).</source>
        <translation>
            <numerusform>The connection works, with %n warning.</numerusform>
            <numerusform>The connection works, with %n warnings.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>postern::connectors::ConnectorsPage</name>
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
    <name>postern::connectors::SyncHistoryPage</name>
    <message numerus="yes">
        <source>%n synchronization(s)</source>
        <translation>
            <numerusform>%n synchronization</numerusform>
            <numerusform>%n synchronizations</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>postern::devices::DevicesPage</name>
    <message numerus="yes">
        <source>%n device(s)</source>
        <translation>
            <numerusform>%n device</numerusform>
            <numerusform>%n devices</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>postern::shell::JobBar</name>
    <message numerus="yes">
        <source>%n more job(s)</source>
        <translation>
            <numerusform>%n more job</numerusform>
            <numerusform>%n more jobs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>postern::shell::OverviewPage</name>
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
</TS>
