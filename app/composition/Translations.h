// The texts of the product and of the toolkit in the user's language. English, too, is a translation: it has
// plural forms. GUI thread, before the first text is made; the application owns what is installed.
#pragma once

class QCoreApplication;

namespace postern::composition {

void installTranslations(QCoreApplication& application);

} // namespace postern::composition
