/* Which language an article is in. */
#ifndef GW_PROCESS_DOCUMENT_LANGUAGE_H
#define GW_PROCESS_DOCUMENT_LANGUAGE_H

#include "process/text/tokens.h"

enum gw_language_said { GW_LANGUAGE_UNSAID, GW_LANGUAGE_ENGLISH, GW_LANGUAGE_OTHER };

/* What the article's own `language` says: a BCP 47 tag ("en-GB"), an ISO 639-2 code or an English name of
 * English. Absent, empty, "und" and what is no tag are UNSAID. */
enum gw_language_said gw_language_said(struct gw_str language);

/* The primary subtag of another language's tag when it has two letters, folded to small letters in `out`;
 * else absent. */
struct gw_str gw_language_code(struct gw_str language, char out[2]);

struct gw_language_found {
    struct gw_str code; /* static; ISO 639-1; absent when nothing is sure */
    bool english;
    bool mixed; /* a fifth of the text or more is in another one */
};

/* Finds the language of the text's first GW_LANGUAGE_WORDS_MOST words, by the frequent words of 27 languages
 * in blocks of some forty words each, and by the script where that tells. Texts of fewer than eight words are
 * not judged. */
struct gw_language_found gw_language_find(const struct gw_text *text, const struct gw_model *model);

#define GW_LANGUAGE_WORDS_MOST 2000U

#endif
