#include "app/lab/population/Names.h"

namespace postern::lab {

namespace {

constexpr std::array<GivenName, 72> given{{
    {"Anna", "anna"},
    {"Bernd", "bernd"},
    {"Clara", "clara"},
    {"David", "david"},
    {"Elif", "elif"},
    {"François", "francois"},
    {"Greta", "greta"},
    {"Hannah", "hannah"},
    {"Íñigo", "inigo"},
    {"Jürgen", "juergen"},
    {"Kateřina", "katerina"},
    {"Lukas", "lukas"},
    {"Mария", "maria"},
    {"Noor", "noor"},
    {"Özlem", "oezlem"},
    {"Paweł", "pawel"},
    {"Quinn", "quinn"},
    {"Rosa", "rosa"},
    {"Søren", "soren"},
    {"Thị Mai", "thimai"},
    {"Ulrike", "ulrike"},
    {"Viktor", "viktor"},
    {"Wei", "wei"},
    {"Ximena", "ximena"},
    {"Yūki", "yuki"},
    {"Zoë", "zoe"},
    {"Ahmed", "ahmed"},
    {"Birgit", "birgit"},
    {"Chiara", "chiara"},
    {"Dmitri", "dmitri"},
    {"Emma", "emma"},
    {"Fatima", "fatima"},
    {"Giulia", "giulia"},
    {"Henrik", "henrik"},
    {"Ingrid", "ingrid"},
    {"João", "joao"},
    {"Karl", "karl"},
    {"Léa", "lea"},
    {"Mikael", "mikael"},
    {"Nina", "nina"},
    {"Olivia", "olivia"},
    {"Pedro", "pedro"},
    {"Rahul", "rahul"},
    {"Siobhán", "siobhan"},
    {"Tomás", "tomas"},
    {"Uwe", "uwe"},
    {"Vera", "vera"},
    {"William", "william"},
    {"Yasmin", "yasmin"},
    {"Zdeněk", "zdenek"},
    {"Amélie", "amelie"},
    {"Björn", "bjoern"},
    {"Carla", "carla"},
    {"Daan", "daan"},
    {"Eero", "eero"},
    {"Felix", "felix"},
    {"Gábor", "gabor"},
    {"Helena", "helena"},
    {"Isla", "isla"},
    {"Jakub", "jakub"},
    {"Kenji", "kenji"},
    {"Lars", "lars"},
    {"Maja", "maja"},
    {"Nils", "nils"},
    {"Otto", "otto"},
    {"Priya", "priya"},
    {"Ronja", "ronja"},
    {"Sven", "sven"},
    {"Tuuli", "tuuli"},
    {"Ursula", "ursula"},
    {"Walter", "walter"},
    {"Yves", "yves"},
}};

constexpr std::array<GivenName, 90> family{{
    {"Berg", "berg"},
    {"Müller", "mueller"},
    {"O'Neill", "oneill"},
    {"García", "garcia"},
    {"Novák", "novak"},
    {"Schmidt", "schmidt"},
    {"Çelik", "celik"},
    {"D'Angelo", "dangelo"},
    {"Şahin", "sahin"},
    {"Nguyễn", "nguyen"},
    {"Jørgensen", "jorgensen"},
    {"Weiß", "weiss"},
    {"Kowalski", "kowalski"},
    {"Ivanov", "ivanov"},
    {"Haddad", "haddad"},
    {"Łukaszewicz", "lukaszewicz"},
    {"Fernández", "fernandez"},
    {"Virtanen", "virtanen"},
    {"Tanaka", "tanaka"},
    {"Singh", "singh"},
    {"van der Berg", "vanderberg"},
    {"Silva", "silva"},
    {"Rossi", "rossi"},
    {"Dubois", "dubois"},
    {"Hansen", "hansen"},
    {"Papadopoulos", "papadopoulos"},
    {"Kim", "kim"},
    {"Chen", "chen"},
    {"Smith", "smith"},
    {"Jones", "jones"},
    {"Brown", "brown"},
    {"Taylor", "taylor"},
    {"Wilson", "wilson"},
    {"Evans", "evans"},
    {"Fischer", "fischer"},
    {"Weber", "weber"},
    {"Wagner", "wagner"},
    {"Becker", "becker"},
    {"Hoffmann", "hoffmann"},
    {"Schäfer", "schaefer"},
    {"Koch", "koch"},
    {"Bauer", "bauer"},
    {"Richter", "richter"},
    {"Klein", "klein"},
    {"Wolf", "wolf"},
    {"Schröder", "schroeder"},
    {"Neumann", "neumann"},
    {"Schwarz", "schwarz"},
    {"Zimmermann", "zimmermann"},
    {"Braun", "braun"},
    {"Krüger", "krueger"},
    {"Hofmann", "hofmann"},
    {"Lange", "lange"},
    {"Peeters", "peeters"},
    {"Janssens", "janssens"},
    {"De Vries", "devries"},
    {"Bakker", "bakker"},
    {"Lindqvist", "lindqvist"},
    {"Åkesson", "akesson"},
    {"Korhonen", "korhonen"},
    {"Tamm", "tamm"},
    {"Kalniņš", "kalnins"},
    {"Horvat", "horvat"},
    {"Popescu", "popescu"},
    {"Dimitrov", "dimitrov"},
    {"Kovács", "kovacs"},
    {"Szabó", "szabo"},
    {"Marek", "marek"},
    {"Costa", "costa"},
    {"Pereira", "pereira"},
    {"Moreau", "moreau"},
    {"Lefèvre", "lefevre"},
    {"Ricci", "ricci"},
    {"Conti", "conti"},
    {"Sato", "sato"},
    {"Suzuki", "suzuki"},
    {"Park", "park"},
    {"Li", "li"},
    {"Wang", "wang"},
    {"Patel", "patel"},
    {"Khan", "khan"},
    {"Ali", "ali"},
    {"Cohen", "cohen"},
    {"Levi", "levi"},
    {"Murphy", "murphy"},
    {"Byrne", "byrne"},
    {"MacLeod", "macleod"},
    {"Campbell", "campbell"},
    {"Okafor", "okafor"},
    {"Mensah", "mensah"},
}};

constexpr std::array<HardName, 14> hard{{
    {"Jörg", "Äußerst-Weiß", "Jörg Äußerst-Weiß", "joerg.aeusserst"},
    {"太郎", "山田", "山田 太郎", "taro.yamada"},
    {"محمد", "الأحمد", "محمد الأحمد", "mohammed.alahmad"},
    {"😀", "Emoji", "😀 Emoji 𠮷田", "emoji.yoshida"},
    {"Conan", "O'Brien", "Conan \"The Boss\" O'Brien", "conan.obrien"},
    {"Robert", "Tables", "'; Remove-Mailbox x #", "robert.tables"},
    {"Anna", "Script", "<b>Anna</b> & <script>alert(1)</script>", "anna.script"},
    {"Maria", "Garcia", "Maria Garcia", "mgarcia"},
    {"Maria", "Garcia", "Maria Garcia", "mgarcia2"},
    {"Long", "Name", "Maximiliana Wilhelmina Theodora von und zu Hohenstaufen-Oberwesterwald-Niedersachsen",
        "maximiliana"},
    {"Tab", "Escape", "Under_x0041_score _x005F_ Test", "underscore.test"},
    {"Slash", "Comma", "Comma, Slash/Back\\slash", "slash.comma"},
    {"Ωmega", "Ελληνικά", "Ωmega Ελληνικά", "omega.ellinika"},
    {"Dollar", "Percent", "$null %1 {0} *", "dollar.percent"},
}};

constexpr std::array<Place, 8> placeList{{
    {"Berlin", "Berlin", "+49 30"},
    {"München", "Muenchen", "+49 89"},
    {"Wien", "Wien", "+43 1"},
    {"Zürich", "Zuerich", "+41 44"},
    {"London", "London", "+44 20"},
    {"Praha", "Praha", "+420 2"},
    {"Tōkyō", "Tokyo", "+81 3"},
    {"Seattle", "Seattle", "+1 206"},
}};

constexpr std::array<std::string_view, 10> departmentList{"Sales", "Engineering", "Human Resources",
    "Finance", "Legal", "Marketing", "Operations", "Research & Development", "Executive Board",
    "Customer Service"};

constexpr std::array<std::string_view, 8> titleList{
    "Specialist", "Engineer", "Manager", "Director", "Assistant", "Consultant", "Analyst", "Team Lead"};

} // namespace

std::span<const GivenName> givenNames()
{
    return given;
}
std::span<const GivenName> familyNames()
{
    return family;
}
std::span<const HardName> hardNames()
{
    return hard;
}
std::span<const Place> places()
{
    return placeList;
}
std::span<const std::string_view> departments()
{
    return departmentList;
}
std::span<const std::string_view> titles()
{
    return titleList;
}

} // namespace postern::lab
