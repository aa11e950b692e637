/* Tags as BCP 47 writes them; words by the share of stopwords. */
#include "process/document/language.h"

#include <strings.h>

/* Every sixth word or more is a stopword in English news; texts of fewer words are not judged. */
#define STOPWORDS_PART 6U
#define WORDS_LEAST    8U

/* Longer texts are judged by their beginning. */
#define WORDS_MOST 400U

/* BCP 47: a primary subtag has two or three letters (longer ones are reserved). */
#define SUBTAG_LEAST 2U
#define SUBTAG_MOST  3U

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t subtag_size(struct gw_str language) {
    size_t size = 0;
    while (size < language.size && is_letter(language.data[size])) {
        size++;
    }
    bool ends = size == language.size || language.data[size] == '-' || language.data[size] == '_';
    return ends ? size : 0;
}

static bool subtag_is(struct gw_str language, size_t size, const char *word) {
    return size == strlen(word) && strncasecmp(language.data, word, size) == 0;
}

enum gw_language_said gw_language_said(struct gw_str language) {
    static const char *const english[] = {"en", "eng", "english"};
    static const char *const unsaid[] = {"und", "mul", "zxx"};
    size_t size = subtag_size(language);
    for (size_t i = 0; i < sizeof english / sizeof *english; i++) {
        if (subtag_is(language, size, english[i])) {
            return GW_LANGUAGE_ENGLISH;
        }
    }
    for (size_t i = 0; i < sizeof unsaid / sizeof *unsaid; i++) {
        if (subtag_is(language, size, unsaid[i])) {
            return GW_LANGUAGE_UNSAID;
        }
    }
    return size >= SUBTAG_LEAST && size <= SUBTAG_MOST ? GW_LANGUAGE_OTHER : GW_LANGUAGE_UNSAID;
}

struct gw_str gw_language_code(struct gw_str language, char out[2]) {
    if (subtag_size(language) != SUBTAG_LEAST) {
        return (struct gw_str){NULL, 0};
    }
    out[0] = (char)(language.data[0] | 0x20);
    out[1] = (char)(language.data[1] | 0x20);
    return (struct gw_str){out, 2};
}

bool gw_language_looks_english(const struct gw_text *text, const struct gw_model *model) {
    uint32_t words = 0, stopwords = 0;
    for (uint32_t i = 0; i < text->token_count && words < WORDS_MOST; i++) {
        if (text->tokens[i].kind == GW_TOKEN_WORD) {
            words++;
            stopwords += (gw_model_word(model, text->tokens[i].word)->flags & GW_WORD(STOPWORD)) != 0;
        }
    }
    return words >= WORDS_LEAST && stopwords * STOPWORDS_PART >= words;
}
