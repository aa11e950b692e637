/* Tags as BCP 47 writes them; words by naive Bayes over the frequent ones of each language. */
#include "process/document/language.h"

#include "process/document/language_words.h"
#include "process/text/chars.h"

#include <strings.h>

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

/* Words of one block; texts of fewer than WORDS_LEAST are not judged. */
#define BLOCK_WORDS 40U
#define WORDS_LEAST 8U

/* A new paragraph ends a block that has so many. */
#define PARAGRAPH_WORDS_LEAST 15U

/* English without looking further: so many of a block's words are its small ones, "the" and "and" among them.
 */
#define SMALL_PART       6U
#define SMALL_SURE_LEAST 2U

/* More of them, where only one of these two is there. */
#define SMALL_PART_ALONE 4U

/* A block is in a language of which it has a twelfth of its words, and whose score is a fiftieth above the
 * next. */
#define KNOWN_PART 12U
#define AHEAD_PART 50U

/* A second language of so large a part makes a text mixed. */
#define MIXED_PART 5U

struct counted {
    uint32_t words;
    uint32_t known[GW_LANGUAGE_COUNT]; /* words that the language lists */
    uint32_t score[GW_LANGUAGE_COUNT];
};

/* Some tokens, one behind the other, and how many of them are what. */
struct block {
    uint32_t first, end;
    uint32_t words;
    uint32_t small; /* stopwords */
};

struct judge {
    const struct gw_text *text;
    uint32_t stopword_count, the, and; /* the model's words */
    uint32_t words;                    /* judged so far */
    uint32_t words_of[GW_LANGUAGE_COUNT];
};

/* Scripts that belong to one language; Han is Chinese unless there is kana beside it. */
static const struct script {
    uint32_t first, last;
    char code[4];
} scripts[] = {
    {0x3040, 0x30FF, "ja"}, {0x3400, 0x9FFF, "zh"}, {0xAC00, 0xD7A3, "ko"}, {0x0E00, 0x0E7F, "th"}};

/* What a character of these weighs, and how many make a word. */
#define SCRIPT_SCORE      30U
#define KANA_SCORE        120U
#define CHARACTERS_A_WORD 2U

/* Their characters begin with this byte or a higher one in UTF-8. */
#define THREE_BYTES 0xE0

static uint32_t number_of(const char *code) {
    uint32_t number = 0;
    while (number < GW_LANGUAGE_COUNT && strcmp(gw_language_codes[number], code) != 0) {
        number++;
    }
    return number;
}

/* Words that no space parts: by their characters. False for other words. */
static bool count_script(struct gw_str word, struct counted *counted) {
    bool found = false;
    for (size_t at = 0; at < word.size;) {
        struct gw_char c = gw_char_at(word, at);
        at += c.size;
        for (size_t s = 0; s < sizeof scripts / sizeof *scripts; s++) {
            if (c.codepoint >= scripts[s].first && c.codepoint <= scripts[s].last) {
                uint32_t number = number_of(scripts[s].code);
                counted->score[number] += s == 0 ? KANA_SCORE : SCRIPT_SCORE;
                counted->known[number]++;
                found = true;
            }
        }
    }
    return found;
}

static uint32_t tag_of(const struct gw_token *token) {
    return (uint32_t)(token->hash >> (64 - GW_LANGUAGE_TAG_BITS));
}

static const uint16_t *bucket_of(uint32_t tag) {
    return &gw_language_buckets[tag >> (GW_LANGUAGE_TAG_BITS - GW_LANGUAGE_BUCKET_BITS)];
}

static void count_word(const struct judge *judge, uint32_t i, struct counted *counted) {
    struct gw_str word = gw_text_cut(judge->text, i, i);
    if ((uint8_t)word.data[0] >= THREE_BYTES && count_script(word, counted)) {
        counted->words += (uint32_t)word.size / (3 * CHARACTERS_A_WORD);
        return;
    }
    uint32_t tag = tag_of(&judge->text->tokens[i]);
    const uint16_t *bucket = bucket_of(tag);
    for (uint32_t at = bucket[0]; at < bucket[1]; at++) {
        if (gw_language_word_tag(gw_language_words[at]) == tag) {
            uint32_t number = gw_language_word_number(gw_language_words[at]);
            counted->known[number]++;
            counted->score[number] += gw_language_word_weight(gw_language_words[at]);
        }
    }
}

/* Few texts need these tables, which are far from the processor then: they are asked for before they are
 * read. */
static void count_words(const struct judge *judge, const struct block *block, struct counted *counted) {
    const struct gw_token *tokens = judge->text->tokens;
    for (uint32_t i = block->first; i < block->end; i++) {
        __builtin_prefetch(&gw_language_words[*bucket_of(tag_of(&tokens[i]))]);
    }
    for (uint32_t i = block->first; i < block->end; i++) {
        if (tokens[i].kind == GW_TOKEN_WORD) {
            count_word(judge, i, counted);
        }
    }
}

/* The language of a block, or GW_LANGUAGE_COUNT when none is sure. */
static uint32_t best_of(const struct counted *counted) {
    uint32_t best = 0, second = 0;
    for (uint32_t i = 1; i < GW_LANGUAGE_COUNT; i++) {
        if (counted->score[i] > counted->score[best]) {
            best = i;
        }
    }
    for (uint32_t i = 0; i < GW_LANGUAGE_COUNT; i++) {
        if (i != best && counted->score[i] > second) {
            second = counted->score[i];
        }
    }
    bool known = counted->known[best] * KNOWN_PART >= counted->words;
    bool ahead = (counted->score[best] - second) * AHEAD_PART >= counted->score[best];
    return counted->score[best] > 0 && known && ahead ? best : GW_LANGUAGE_COUNT;
}

/* How many of a block's words are "the" and "and"; it matters only up to SMALL_SURE_LEAST. */
static uint32_t count_sure(const struct judge *judge, const struct block *block) {
    const struct gw_token *tokens = judge->text->tokens;
    uint32_t sure = 0;
    for (uint32_t i = block->first; i < block->end && sure < SMALL_SURE_LEAST; i++) {
        uint32_t word = tokens[i].word;
        sure += word < judge->stopword_count && (word == judge->the || word == judge->and);
    }
    return sure;
}

/* Most blocks of most articles end here. */
static bool is_plainly_english(const struct judge *judge, const struct block *block) {
    if (block->small * SMALL_PART < block->words) {
        return false;
    }
    uint32_t sure = count_sure(judge, block);
    return sure >= SMALL_SURE_LEAST || (sure > 0 && block->small * SMALL_PART_ALONE >= block->words);
}

static void judge_block(struct judge *judge, const struct block *block) {
    struct counted counted = {.words = block->words};
    uint32_t language = 0;
    if (!is_plainly_english(judge, block)) {
        count_words(judge, block, &counted);
        language = best_of(&counted);
    }
    judge->words += counted.words;
    if (language < GW_LANGUAGE_COUNT) {
        judge->words_of[language] += counted.words;
    }
}

/* The block from token `first` on. */
static struct block read_block(const struct judge *judge, uint32_t first) {
    const struct gw_token *tokens = judge->text->tokens;
    uint32_t i = first, count = judge->text->token_count, words = 0, small = 0;
    for (; i < count; i++) {
        bool paragraph = tokens[i].shape & GW_SHAPE_PARAGRAPH;
        if (words == BLOCK_WORDS || (paragraph && words >= PARAGRAPH_WORDS_LEAST)) {
            break;
        }
        words += tokens[i].kind == GW_TOKEN_WORD;
        small += tokens[i].word < judge->stopword_count;
    }
    return (struct block){first, i, words, small};
}

/* A few words at the end are judged with nothing else only where there is nothing else. */
static void judge_blocks(struct judge *judge) {
    uint32_t at = 0, count = judge->text->token_count;
    while (at < count && judge->words < GW_LANGUAGE_WORDS_MOST) {
        struct block block = read_block(judge, at);
        if (block.end < count || block.words >= WORDS_LEAST || (judge->words == 0 && block.words > 0)) {
            judge_block(judge, &block);
        }
        at = block.end;
    }
}

struct gw_language_found gw_language_find(const struct gw_text *text, const struct gw_model *model) {
    struct judge judge = {.text = text, .stopword_count = model->stopword_count};
    struct gw_language_found found = {{NULL, 0}, false, false};
    judge.the = gw_model_find_word(model, gw_hash64(GW_STR("the")));
    judge.and = gw_model_find_word(model, gw_hash64(GW_STR("and")));
    judge_blocks(&judge);
    uint32_t most = 0;
    for (uint32_t i = 1; i < GW_LANGUAGE_COUNT; i++) {
        most = judge.words_of[i] > judge.words_of[most] ? i : most;
    }
    if (judge.words < WORDS_LEAST || judge.words_of[most] * 2 < judge.words) {
        return found;
    }
    found.code = gw_str_from(gw_language_codes[most]);
    found.english = most == 0;
    for (uint32_t i = 0; i < GW_LANGUAGE_COUNT; i++) {
        found.mixed = found.mixed || (i != most && judge.words_of[i] * MIXED_PART >= judge.words &&
                                      judge.words_of[i] >= BLOCK_WORDS / 2);
    }
    return found;
}
