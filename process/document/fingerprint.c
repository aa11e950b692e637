/* Words and shingles vote on each bit; a shingle has two votes. */
#include "process/document/fingerprint.h"

#include "process/document/bit_counts.h"

/* A story's own paragraphs are longer. */
#define PARAGRAPH_WORDS_LEAST 12U

/* A longer paragraph is no advertisement, whatever words it has. */
#define NOTICE_WORDS_MOST 40U

/* Fewer words that count than this: all do. */
#define STORY_WORDS_LEAST 40U

/* Where lines have fewer words on average, they are broken to a width, and only empty lines part paragraphs.
 */
#define LINE_WORDS_LEAST 16U

/* So many tokens show that. */
#define BORDER_TOKENS 200U

static uint64_t turn(uint64_t hash, unsigned by) {
    return hash << by | hash >> (64 - by);
}

static bool is_counted(const struct gw_token *token) {
    return token->kind <= GW_TOKEN_NUMBER;
}

/* What asks readers to do something, and stands in no story's paragraph of this length. */
static const char *const notice_words[] = {
    "advertisement", "advert",  "sponsored", "subscribe", "subscription", "newsletter",
    "newsletters",   "click",   "download",  "follow",    "whatsapp",     "telegram",
    "facebook",      "twitter", "instagram", "youtube",   "related",      "cookies",
    "sign",          "read",    "inbox",     "app"};
#define NOTICE_WORDS (sizeof notice_words / sizeof *notice_words)

/* Their hashes, and a bit for the lowest eight of each. */
struct notice_set {
    uint64_t hashes[NOTICE_WORDS];
    uint64_t seen[4];
};

static void make_notice_set(struct notice_set *set) {
    *set = (struct notice_set){.seen = {0}};
    for (size_t i = 0; i < NOTICE_WORDS; i++) {
        uint64_t hash = gw_hash64(gw_str_from(notice_words[i]));
        set->hashes[i] = hash;
        set->seen[hash >> 6 & 3] |= UINT64_C(1) << (hash & 63);
    }
}

static bool is_notice_word(const struct notice_set *set, uint64_t hash) {
    bool found = false;
    if (set->seen[hash >> 6 & 3] >> (hash & 63) & 1) {
        for (size_t i = 0; i < NOTICE_WORDS && !found; i++) {
            found = set->hashes[i] == hash;
        }
    }
    return found;
}

struct maker {
    const struct gw_text *text;
    const struct gw_model *model;
    struct notice_set notices;
    struct gw_bit_counts once, twice; /* the votes of words and of shingles */
    uint32_t words;                   /* of the story so far */
    uint16_t border;                  /* the shape that parts paragraphs */
};

/* Shapes by which the body's paragraphs are parted. */
static uint16_t find_border(const struct gw_text *text) {
    uint32_t words = 0, lines = 0;
    uint32_t least = text->title_count + BORDER_TOKENS;
    uint32_t end = text->token_count < least ? text->token_count : least;
    for (uint32_t i = text->title_count; i < end; i++) {
        words += is_counted(&text->tokens[i]);
        lines += (text->tokens[i].shape & (GW_SHAPE_LINE | GW_SHAPE_PARAGRAPH)) != 0;
    }
    return lines * LINE_WORDS_LEAST > words ? GW_SHAPE_PARAGRAPH : GW_SHAPE_PARAGRAPH | GW_SHAPE_LINE;
}

static bool is_notice(const struct maker *maker, uint32_t first, uint32_t end) {
    for (uint32_t i = first; i < end; i++) {
        if (is_notice_word(&maker->notices, maker->text->tokens[i].hash)) {
            return true;
        }
    }
    return false;
}

static void count_tokens(struct maker *maker, uint32_t first, uint32_t end, uint32_t lead) {
    uint64_t before[2] = {0, 0};
    uint32_t in_shingle = 0;
    for (uint32_t i = first; i < end; i++) {
        const struct gw_token *token = &maker->text->tokens[i];
        if (!is_counted(token) || maker->words++ < lead) {
            continue;
        }
        if (!(gw_model_word(maker->model, token->word)->flags & GW_WORD(STOPWORD))) {
            gw_bit_counts_add(&maker->once, token->hash);
        }
        if (++in_shingle >= GW_SHINGLE_WORDS) {
            gw_bit_counts_add(&maker->twice, token->hash ^ turn(before[1], 21) ^ turn(before[0], 42));
        }
        before[0] = before[1];
        before[1] = token->hash;
    }
}

static void count_paragraphs(struct maker *maker) {
    const struct gw_text *text = maker->text;
    for (uint32_t first = text->title_count, end; first < text->token_count; first = end) {
        uint32_t words = is_counted(&text->tokens[first]);
        for (end = first + 1; end < text->token_count && !(text->tokens[end].shape & maker->border); end++) {
            words += is_counted(&text->tokens[end]);
        }
        bool story =
            words >= PARAGRAPH_WORDS_LEAST && (words > NOTICE_WORDS_MOST || !is_notice(maker, first, end));
        if (story) {
            count_tokens(maker, first, end, GW_LEAD_WORDS);
        }
    }
}

struct gw_hash128 gw_fingerprint_content(struct gw_str title, struct gw_str body) {
    const struct gw_str parts[] = {title, body};
    return gw_hash128_parts(parts, sizeof parts / sizeof *parts);
}

uint64_t gw_fingerprint_similar(const struct gw_text *text, const struct gw_model *model) {
    struct maker maker = {.text = text, .model = model, .border = find_border(text)};
    make_notice_set(&maker.notices);
    count_paragraphs(&maker);
    if (maker.words < GW_LEAD_WORDS + STORY_WORDS_LEAST) {
        maker = (struct maker){.text = text, .model = model};
        count_tokens(&maker, 0, text->token_count, 0);
    }
    return gw_bit_counts_majority(&maker.once, &maker.twice);
}
