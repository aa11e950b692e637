/* Facts from ISO 4217 and the SI brochure; words as newspapers write them. */
#include "process/entities/values/value_words.h"

#include <stdlib.h>
#include <string.h>

static const struct gw_value_word magnitudes[] = {
    {"b", "", 9},      {"billion", "", 9},  {"bn", "", 9},  {"crore", "", 7},
    {"crores", "", 7}, {"hundred", "", 2},  {"k", "", 3},   {"lakh", "", 5},
    {"lakhs", "", 5},  {"m", "", 6},        {"mil", "", 6}, {"million", "", 6},
    {"mn", "", 6},     {"thousand", "", 3}, {"tn", "", 12}, {"trillion", "", 12},
};

static const struct gw_value_word numbers[] = {
    {"eight", "", 8},    {"eighteen", "", 18}, {"eighty", "", 80},  {"eleven", "", 11},
    {"fifteen", "", 15}, {"fifty", "", 50},    {"five", "", 5},     {"forty", "", 40},
    {"four", "", 4},     {"fourteen", "", 14}, {"nine", "", 9},     {"nineteen", "", 19},
    {"ninety", "", 90},  {"one", "", 1},       {"seven", "", 7},    {"seventeen", "", 17},
    {"seventy", "", 70}, {"six", "", 6},       {"sixteen", "", 16}, {"sixty", "", 60},
    {"ten", "", 10},     {"thirteen", "", 13}, {"thirty", "", 30},  {"three", "", 3},
    {"twelve", "", 12},  {"twenty", "", 20},   {"two", "", 2},      {"zero", "", 0},
};

static const struct gw_value_word units[] = {
    {"acre", "acre", 0},      {"acres", "acre", 0},     {"barrel", "bbl", 0},     {"barrels", "bbl", 0},
    {"celsius", "°C", 0},     {"centimeter", "cm", 0},  {"centimeters", "cm", 0}, {"centimetre", "cm", 0},
    {"centimetres", "cm", 0}, {"cm", "cm", 0},          {"degree", "", 0},        {"degrees", "", 0},
    {"fahrenheit", "°F", 0},  {"feet", "ft", 0},        {"foot", "ft", 0},        {"ft", "ft", 0},
    {"gallon", "", 0},        {"gallons", "", 0},       {"gb", "GB", 0},          {"gigabyte", "GB", 0},
    {"gigabytes", "GB", 0},   {"gigawatt", "GW", 0},    {"gigawatts", "GW", 0},   {"gram", "g", 0},
    {"gramme", "g", 0},       {"grammes", "g", 0},      {"grams", "g", 0},        {"gw", "GW", 0},
    {"gwh", "GWh", 0},        {"ha", "ha", 0},          {"hectare", "ha", 0},     {"hectares", "ha", 0},
    {"horsepower", "hp", 0},  {"hp", "hp", 0},          {"inch", "in", 0},        {"inches", "in", 0},
    {"kg", "kg", 0},          {"kgs", "kg", 0},         {"kilo", "kg", 0},        {"kilogram", "kg", 0},
    {"kilogramme", "kg", 0},  {"kilogrammes", "kg", 0}, {"kilograms", "kg", 0},   {"kilometer", "km", 0},
    {"kilometers", "km", 0},  {"kilometre", "km", 0},   {"kilometres", "km", 0},  {"kilos", "kg", 0},
    {"kilowatt", "kW", 0},    {"kilowatts", "kW", 0},   {"km", "km", 0},          {"km2", "km2", 0},
    {"kmh", "km/h", 0},       {"kms", "km", 0},         {"knot", "kn", 0},        {"knots", "kn", 0},
    {"kph", "km/h", 0},       {"kw", "kW", 0},          {"kwh", "kWh", 0},        {"lb", "lb", 0},
    {"lbs", "lb", 0},         {"liter", "l", 0},        {"liters", "l", 0},       {"litre", "l", 0},
    {"litres", "l", 0},       {"m2", "m2", 0},          {"mb", "MB", 0},          {"megabyte", "MB", 0},
    {"megabytes", "MB", 0},   {"megawatt", "MW", 0},    {"megawatts", "MW", 0},   {"meter", "m", 0},
    {"meters", "m", 0},       {"metre", "m", 0},        {"metres", "m", 0},       {"mile", "mi", 0},
    {"miles", "mi", 0},       {"milliliter", "ml", 0},  {"milliliters", "ml", 0}, {"millilitre", "ml", 0},
    {"millilitres", "ml", 0}, {"millimeter", "mm", 0},  {"millimeters", "mm", 0}, {"millimetre", "mm", 0},
    {"millimetres", "mm", 0}, {"ml", "ml", 0},          {"mm", "mm", 0},          {"mph", "mi/h", 0},
    {"mw", "MW", 0},          {"mwh", "MWh", 0},        {"ounce", "oz", 0},       {"ounces", "oz", 0},
    {"sqkm", "km2", 0},       {"sqm", "m2", 0},         {"tb", "TB", 0},          {"terabyte", "TB", 0},
    {"terabytes", "TB", 0},   {"ton", "", 0},           {"tonne", "t", 0},        {"tonnes", "t", 0},
    {"tons", "", 0},          {"yard", "yd", 0},        {"yards", "yd", 0},
};

static const struct gw_value_word signs[] = {
    {"$", "", 0},       {"a$", "AUD", 0},  {"au$", "AUD", 0}, {"c$", "CAD", 0},  {"ca$", "CAD", 0},
    {"cn¥", "CNY", 0},  {"dh", "", 0},     {"dhs", "", 0},    {"e£", "EGP", 0},  {"gh¢", "GHS", 0},
    {"gh₵", "GHS", 0},  {"hk$", "HKD", 0}, {"j$", "JMD", 0},  {"jp¥", "JPY", 0}, {"ksh", "KES", 0},
    {"kshs", "KES", 0}, {"mx$", "MXN", 0}, {"n", "NGN", 0},   {"n$", "NAD", 0},  {"nt$", "TWD", 0},
    {"nz$", "NZD", 0},  {"qr", "QAR", 0},  {"r", "ZAR", 0},   {"r$", "BRL", 0},  {"rm", "MYR", 0},
    {"rmb", "CNY", 0},  {"rp", "IDR", 0},  {"rs", "", 0},     {"s$", "SGD", 0},  {"sh", "", 0},
    {"shs", "", 0},     {"sr", "", 0},     {"tk", "BDT", 0},  {"tt$", "TTD", 0}, {"us$", "USD", 0},
    {"£", "GBP", 0},    {"¥", "", 0},      {"৳", "BDT", 0},   {"฿", "THB", 0},   {"₡", "CRC", 0},
    {"₦", "NGN", 0},    {"₩", "KRW", 0},   {"₪", "ILS", 0},   {"₫", "VND", 0},   {"€", "EUR", 0},
    {"₭", "LAK", 0},    {"₮", "MNT", 0},   {"₱", "PHP", 0},   {"₲", "PYG", 0},   {"₴", "UAH", 0},
    {"₵", "GHS", 0},    {"₸", "KZT", 0},   {"₹", "INR", 0},   {"₺", "TRY", 0},   {"₼", "AZN", 0},
    {"₽", "RUB", 0},  {"₾", "GEL", 0},
};

static const struct gw_value_word currencies[] = {
    {"baht", "THB", 0},    {"birr", "ETB", 0},      {"bolivar", "", 0},     {"bolivars", "", 0},
    {"cedi", "GHS", 0},    {"cedis", "GHS", 0},     {"cent", "", 0},        {"cents", "", 0},
    {"colon", "", 0},      {"colones", "CRC", 0},   {"dalasi", "GMD", 0},   {"dinar", "", 0},
    {"dinars", "", 0},     {"dirham", "", 0},       {"dirhams", "", 0},     {"dollar", "", 0},
    {"dollars", "", 0},    {"dong", "VND", 0},      {"euro", "EUR", 0},     {"euros", "EUR", 0},
    {"forint", "HUF", 0},  {"forints", "HUF", 0},   {"franc", "", 0},       {"francs", "", 0},
    {"guarani", "PYG", 0}, {"guaranis", "PYG", 0},  {"hryvnia", "UAH", 0},  {"hryvnias", "UAH", 0},
    {"koruna", "CZK", 0},  {"korunas", "CZK", 0},   {"krona", "", 0},       {"krone", "", 0},
    {"kroner", "", 0},     {"kronor", "", 0},       {"kwacha", "", 0},      {"lari", "GEL", 0},
    {"lempira", "HNL", 0}, {"lempiras", "HNL", 0},  {"leone", "", 0},       {"leones", "", 0},
    {"lira", "", 0},       {"manat", "", 0},        {"naira", "NGN", 0},    {"peso", "", 0},
    {"pesos", "", 0},      {"pound", "", 0},        {"pounds", "", 0},      {"pula", "BWP", 0},
    {"quetzal", "GTQ", 0}, {"quetzales", "GTQ", 0}, {"rand", "ZAR", 0},     {"rands", "ZAR", 0},
    {"reais", "BRL", 0},   {"real", "", 0},         {"renminbi", "CNY", 0}, {"rial", "", 0},
    {"rials", "", 0},      {"ringgit", "MYR", 0},   {"riyal", "", 0},       {"riyals", "", 0},
    {"rmb", "CNY", 0},     {"rouble", "RUB", 0},    {"roubles", "RUB", 0},  {"ruble", "RUB", 0},
    {"rubles", "RUB", 0},  {"rupee", "", 0},        {"rupees", "", 0},      {"rupiah", "IDR", 0},
    {"shekel", "ILS", 0},  {"shekels", "ILS", 0},   {"shilling", "", 0},    {"shillings", "", 0},
    {"sol", "", 0},        {"soles", "PEN", 0},     {"som", "", 0},         {"sterling", "GBP", 0},
    {"taka", "BDT", 0},    {"tenge", "KZT", 0},     {"won", "", 0},         {"yen", "JPY", 0},
    {"yuan", "CNY", 0},    {"zloty", "PLN", 0},     {"zlotys", "PLN", 0},
};

static const struct gw_value_word stretches[] = {
    {"centuries", "century", GW_STRETCH_CENTURY},
    {"century", "century", GW_STRETCH_CENTURY},
    {"day", "day", GW_STRETCH_DAY},
    {"days", "day", GW_STRETCH_DAY},
    {"decade", "decade", GW_STRETCH_DECADE},
    {"decades", "decade", GW_STRETCH_DECADE},
    {"hour", "h", GW_STRETCH_SHORT},
    {"hours", "h", GW_STRETCH_SHORT},
    {"minute", "min", GW_STRETCH_SHORT},
    {"minutes", "min", GW_STRETCH_SHORT},
    {"month", "month", GW_STRETCH_MONTH},
    {"months", "month", GW_STRETCH_MONTH},
    {"second", "s", GW_STRETCH_SHORT},
    {"seconds", "s", GW_STRETCH_SHORT},
    {"week", "week", GW_STRETCH_WEEK},
    {"weeks", "week", GW_STRETCH_WEEK},
    {"year", "year", GW_STRETCH_YEAR},
    {"years", "year", GW_STRETCH_YEAR},
};

/* A bit for what a table's words begin with: most words are in no table. */
#define FIRST(letter) (UINT32_C(1) << ((letter)&31))

static const struct {
    const struct gw_value_word *rows;
    size_t count;
    uint32_t firsts;
} tables[GW_VALUE_TABLE_COUNT] = {
#define TABLE(rows, firsts)                                                                                  \
    { rows, sizeof(rows) / sizeof *(rows), firsts }
    [GW_VALUE_MAGNITUDES] = TABLE(magnitudes, FIRST('b') | FIRST('c') | FIRST('h') | FIRST('k') | FIRST('l') |
                                                  FIRST('m') | FIRST('t')),
    [GW_VALUE_NUMBERS] = TABLE(numbers, FIRST('e') | FIRST('f') | FIRST('n') | FIRST('o') | FIRST('s') |
                                            FIRST('t') | FIRST('z')),
    [GW_VALUE_UNITS] = TABLE(units, UINT32_MAX),
    [GW_VALUE_SIGNS] = TABLE(signs, UINT32_MAX),
    [GW_VALUE_CURRENCIES] = TABLE(currencies, UINT32_MAX),
    [GW_VALUE_STRETCHES] = TABLE(stretches, FIRST('c') | FIRST('d') | FIRST('h') | FIRST('m') | FIRST('s') |
                                                FIRST('w') | FIRST('y')),
#undef TABLE
};

/* What a currency's name begins with, whose it is, and its code. */
static const struct {
    const char *name, *alpha2, *code;
} national[] = {
    {"dollar", "US", "USD"},   {"dollar", "AU", "AUD"},   {"dollar", "CA", "CAD"},
    {"dollar", "NZ", "NZD"},   {"dollar", "SG", "SGD"},   {"dollar", "HK", "HKD"},
    {"dollar", "TW", "TWD"},   {"dollar", "JM", "JMD"},   {"dollar", "NA", "NAD"},
    {"dollar", "FJ", "FJD"},   {"dollar", "BB", "BBD"},   {"dollar", "BS", "BSD"},
    {"dollar", "BZ", "BZD"},   {"dollar", "GY", "GYD"},   {"dollar", "LR", "LRD"},
    {"dollar", "SR", "SRD"},   {"dollar", "TT", "TTD"},   {"dollar", "ZW", "ZWL"},
    {"dollar", "BN", "BND"},   {"pound", "GB", "GBP"},    {"pound", "EG", "EGP"},
    {"pound", "LB", "LBP"},    {"pound", "SD", "SDG"},    {"pound", "SY", "SYP"},
    {"pound", "SS", "SSP"},    {"rupee", "IN", "INR"},    {"rupee", "PK", "PKR"},
    {"rupee", "LK", "LKR"},    {"rupee", "NP", "NPR"},    {"rupee", "MU", "MUR"},
    {"rupee", "SC", "SCR"},    {"peso", "MX", "MXN"},     {"peso", "AR", "ARS"},
    {"peso", "CL", "CLP"},     {"peso", "CO", "COP"},     {"peso", "CU", "CUP"},
    {"peso", "PH", "PHP"},     {"peso", "UY", "UYU"},     {"peso", "DO", "DOP"},
    {"franc", "CH", "CHF"},    {"franc", "BI", "BIF"},    {"franc", "CD", "CDF"},
    {"franc", "DJ", "DJF"},    {"franc", "GN", "GNF"},    {"franc", "RW", "RWF"},
    {"franc", "KM", "KMF"},    {"kron", "SE", "SEK"},     {"kron", "NO", "NOK"},
    {"kron", "DK", "DKK"},     {"kron", "IS", "ISK"},     {"dinar", "DZ", "DZD"},
    {"dinar", "BH", "BHD"},    {"dinar", "IQ", "IQD"},    {"dinar", "JO", "JOD"},
    {"dinar", "KW", "KWD"},    {"dinar", "LY", "LYD"},    {"dinar", "MK", "MKD"},
    {"dinar", "RS", "RSD"},    {"dinar", "TN", "TND"},    {"dirham", "AE", "AED"},
    {"dirham", "MA", "MAD"},   {"riyal", "SA", "SAR"},    {"riyal", "QA", "QAR"},
    {"riyal", "OM", "OMR"},    {"riyal", "YE", "YER"},    {"riyal", "IR", "IRR"},
    {"rial", "IR", "IRR"},     {"rial", "OM", "OMR"},     {"rial", "YE", "YER"},
    {"rial", "SA", "SAR"},     {"rial", "QA", "QAR"},     {"shilling", "KE", "KES"},
    {"shilling", "TZ", "TZS"}, {"shilling", "UG", "UGX"}, {"shilling", "SO", "SOS"},
    {"lira", "TR", "TRY"},     {"won", "KR", "KRW"},      {"won", "KP", "KPW"},
    {"real", "BR", "BRL"},     {"som", "KG", "KGS"},      {"som", "UZ", "UZS"},
    {"leone", "SL", "SLE"},    {"manat", "AZ", "AZN"},    {"manat", "TM", "TMT"},
    {"kwacha", "ZM", "ZMW"},   {"kwacha", "MW", "MWK"},   {"bolivar", "VE", "VES"},
    {"colon", "CR", "CRC"},    {"sol", "PE", "PEN"},
};

static const char codes[][4] = {
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD",
    "BIF", "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLP", "CNY",
    "COP", "CRC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP",
    "GBP", "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR",
    "IQD", "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT",
    "LAK", "LBP", "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR",
    "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK",
    "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD",
    "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY",
    "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "UYU", "UZS", "VES", "VND", "VUV", "WST", "XAF", "XCD", "XOF",
    "XPF", "YER", "ZAR", "ZMW", "ZWL",
};

const struct gw_value_word *gw_value_word_find(enum gw_value_table table, struct gw_str word) {
    if (word.size == 0 || !(tables[table].firsts & FIRST(word.data[0]))) {
        return NULL;
    }
    struct gw_value_key key = gw_value_key_make(word, true);
    return key.high == 0 ? NULL
                         : gw_value_key_search(key, tables[table].rows, tables[table].count,
                                               sizeof *tables[table].rows);
}

const struct gw_value_word *gw_value_words(enum gw_value_table table, size_t *count) {
    *count = tables[table].count;
    return tables[table].rows;
}

const char *gw_currency_of_country(const struct gw_value_word *word, const char alpha2[2]) {
    for (size_t i = 0; i < sizeof national / sizeof *national; i++) {
        if (memcmp(national[i].alpha2, alpha2, 2) == 0 &&
            strncmp(national[i].name, word->word, strlen(national[i].name)) == 0) {
            return national[i].code;
        }
    }
    return "";
}

static int compare_codes(const void *key, const void *row) {
    return memcmp(((const struct gw_str *)key)->data, row, 3);
}

const char *gw_currency_code(struct gw_str word) {
    return word.size == 3 && word.data[0] >= 'A' && word.data[0] <= 'Z'
               ? bsearch(&word, codes, sizeof codes / sizeof *codes, sizeof *codes, compare_codes)
               : NULL;
}
