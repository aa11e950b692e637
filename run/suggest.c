/* Optimal string alignment distance, with three rows of the table. */
#include "run/suggest.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

static size_t smaller(size_t a, size_t b) {
    return a < b ? a : b;
}

static int letter(const char *word, size_t i) {
    return tolower((unsigned char)word[i]);
}

/* rows[0] is the row above the one above, rows[2] the one to fill, for letter `i` of `a`. */
static void fill_row(size_t (*rows)[GW_SUGGEST_WORD_MAX + 1], const char *a, size_t i, const char *b,
                     size_t size) {
    rows[2][0] = i + 1;
    for (size_t j = 0; j < size; j++) {
        size_t replaced = rows[1][j] + (letter(a, i) != letter(b, j));
        size_t changed = smaller(rows[1][j + 1], rows[2][j]) + 1;
        rows[2][j + 1] = smaller(replaced, changed);
        if (i > 0 && j > 0 && letter(a, i) == letter(b, j - 1) && letter(a, i - 1) == letter(b, j)) {
            rows[2][j + 1] = smaller(rows[2][j + 1], rows[0][j - 1] + 1);
        }
    }
}

size_t gw_suggest_distance(const char *a, const char *b) {
    size_t a_size = strlen(a), b_size = strlen(b);
    if (a_size > GW_SUGGEST_WORD_MAX || b_size > GW_SUGGEST_WORD_MAX) {
        return SIZE_MAX;
    }
    size_t rows[3][GW_SUGGEST_WORD_MAX + 1] = {0};
    for (size_t j = 0; j <= b_size; j++) {
        rows[1][j] = j;
    }
    for (size_t i = 0; i < a_size; i++) {
        fill_row(rows, a, i, b, b_size);
        memmove(rows[0], rows[1], 2 * sizeof rows[0]);
    }
    return rows[1][b_size];
}

void gw_suggest(struct gw_suggestion *suggestion, const char *candidate) {
    size_t near_enough = strlen(suggestion->word) / 3 > 1 ? strlen(suggestion->word) / 3 : 1;
    size_t distance = gw_suggest_distance(suggestion->word, candidate);
    if (distance <= near_enough && (!suggestion->best || distance < suggestion->distance)) {
        suggestion->best = candidate;
        suggestion->distance = distance;
    }
}
