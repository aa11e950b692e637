/* What words mean inside values: numbers, units, currencies. Tables, each sorted by its word. */
#ifndef GW_PROCESS_ENTITIES_VALUES_VALUE_WORDS_H
#define GW_PROCESS_ENTITIES_VALUES_VALUE_WORDS_H

#include "process/entities/values/value_key.h"

#include <stdbool.h>

struct gw_value_word {
    char word[GW_VALUE_KEY_BYTES]; /* ASCII small letters */
    const char *text;              /* the unit or ISO 4217 code; "" when it may be several */
    int number; /* a number's value, a magnitude's power of ten, a stretch of time's enum gw_stretch */
};

enum gw_value_table {
    GW_VALUE_MAGNITUDES,
    GW_VALUE_NUMBERS, /* 0 to 90 in letters */
    GW_VALUE_UNITS,
    GW_VALUE_SIGNS, /* "$", "us$", "rm": what stands in front of an amount */
    GW_VALUE_CURRENCIES,
    GW_VALUE_STRETCHES,
    GW_VALUE_TABLE_COUNT
};

enum gw_stretch {
    GW_STRETCH_NONE,
    GW_STRETCH_SHORT, /* less than a day */
    GW_STRETCH_DAY,
    GW_STRETCH_WEEK,
    GW_STRETCH_MONTH,
    GW_STRETCH_YEAR,
    GW_STRETCH_DECADE,
    GW_STRETCH_CENTURY
};

/* The row of `word`, ASCII case-insensitively, or NULL. */
const struct gw_value_word *gw_value_word_find(enum gw_value_table table, struct gw_str word);

/* The table's rows, for whoever wants to see all. */
const struct gw_value_word *gw_value_words(enum gw_value_table table, size_t *count);

/* The code of a currency that several countries call by one name: "dollars" of AU is "AUD". "" when it is not
 * known. `word` is a row's of GW_VALUE_CURRENCIES. */
const char *gw_currency_of_country(const struct gw_value_word *word, const char alpha2[2]);

/* Three capitals that ISO 4217 lists; the code as a static string, or NULL. */
const char *gw_currency_code(struct gw_str word);

#endif
