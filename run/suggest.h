/* "Did you mean …?": the nearest of some words. */
#ifndef GW_RUN_SUGGEST_H
#define GW_RUN_SUGGEST_H

#include <stddef.h>

/* Longer words get no suggestion. */
#define GW_SUGGEST_WORD_MAX 63

/* How many single-letter changes (insert, delete, replace, swap of neighbours) lie between two words; case
 * does not count. SIZE_MAX when a word is longer than GW_SUGGEST_WORD_MAX. */
size_t gw_suggest_distance(const char *a, const char *b);

/* Remembers the best of the candidates shown to it. */
struct gw_suggestion {
    const char *word;
    const char *best; /* NULL: none is near enough */
    size_t distance;
};

/* Compares one candidate; it must outlive the suggestion. Near enough is a third of the word's letters, at
 * least one. */
void gw_suggest(struct gw_suggestion *suggestion, const char *candidate);

#endif
