/* Words and shingles vote on each bit; a shingle has two votes. */
#include "process/document/fingerprint.h"

#include "process/document/bit_counts.h"
#include "process/document/notice_words.h"
#include "process/text/token_classes.h"

#include <string.h>

/* A line in front of the lead has fewer words: a place, a kind of news. */
#define LEAD_WORDS_LEAST 4U

/* A longer paragraph is more than a lead. */
#define LEAD_WORDS_MOST 100U

/* So many paragraphs of a story, and more, can do without the first of them. */
#define FOLLOWING_LEAST 4U

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

/* Words that wait to be counted together. */
#define WAITING 128U

struct maker {
    const struct gw_text *text;
    struct gw_bit_counts once, twice; /* the votes of words and of shingles */
    uint64_t votes;
    uint32_t words;  /* of the story so far */
    unsigned border; /* the classes that part paragraphs */
};

/* Shapes by which the body's paragraphs are parted. */
static unsigned find_border(const struct gw_text *text) {
    uint32_t least = text->title_count + BORDER_TOKENS;
    uint32_t end = text->token_count < least ? text->token_count : least;
    uint32_t words = gw_token_count(text, text->title_count, end, GW_CLASS_WORD);
    uint32_t lines = gw_token_count(text, text->title_count, end, GW_CLASS_LINE);
    return lines * LINE_WORDS_LEAST > words ? GW_CLASS_PARAGRAPH : GW_CLASS_PARAGRAPH | GW_CLASS_LINE;
}

static bool is_notice(const struct maker *maker, uint32_t first, uint32_t end) {
    for (uint32_t i = first; i < end; i++) {
        if (gw_is_notice_word(maker->text->tokens[i].hash)) {
            return true;
        }
    }
    return false;
}

/* Words that follow each other, behind the last two of those that were counted before. */
#define IN_FRONT (GW_SHINGLE_WORDS - 1)
struct run {
    uint64_t hashes[IN_FRONT + WAITING];
    uint64_t counted[WAITING]; /* their hashes, or 0 for those that say nothing */
    uint32_t count;
    uint32_t missing; /* words in front that there are none of: the paragraph begins */
    uint64_t votes;
};

/* Counts what waits, and keeps its end for the next shingles. */
static void count_run(struct maker *maker, struct run *run) {
    uint64_t shingles[WAITING];
    for (uint32_t i = 0; i < run->count; i++) {
        shingles[i] = run->hashes[i + 2] ^ turn(run->hashes[i + 1], 21) ^ turn(run->hashes[i], 42);
    }
    gw_bit_counts_add(&maker->once, run->counted, run->count);
    maker->votes += run->votes;
    if (run->missing < run->count) {
        gw_bit_counts_add(&maker->twice, shingles + run->missing, run->count - run->missing);
        maker->votes += UINT64_C(2) * (run->count - run->missing);
    }
    memmove(run->hashes, run->hashes + run->count, IN_FRONT * sizeof *run->hashes);
    run->missing = run->missing < run->count ? 0 : run->missing - run->count;
    run->count = 0;
    run->votes = 0;
}

/* Takes the words from token `i` on until the run is full; returns the token behind them. A mark's place is
 * taken by the token behind it: no branch, as which are words cannot be foreseen. */
static uint32_t fill_run(const struct gw_text *text, uint32_t i, uint32_t end, struct run *run) {
    const struct gw_token *tokens = text->tokens;
    const uint8_t *classes = text->classes;
    uint32_t count = run->count, votes = 0;
    for (; i < end && count < WAITING; i++) {
        uint64_t hash = tokens[i].hash;
        unsigned word = classes[i] & GW_CLASS_WORD, says = (classes[i] & GW_CLASS_STOPWORD) == 0;
        run->hashes[IN_FRONT + count] = hash;
        run->counted[count] = hash & ((uint64_t)0 - says);
        votes += word & says;
        count += word;
    }
    run->count = count;
    run->votes += votes;
    return i;
}

static void count_tokens(struct maker *maker, uint32_t first, uint32_t end) {
    struct run run;
    memset(run.hashes, 0, IN_FRONT * sizeof *run.hashes);
    run.count = 0;
    run.missing = IN_FRONT;
    run.votes = 0;
    for (uint32_t i = first; i < end;) {
        i = fill_run(maker->text, i, end, &run);
        maker->words += run.count;
        count_run(maker, &run);
    }
}

struct paragraph {
    uint32_t first, end, words;
};

static struct paragraph read_paragraph(const struct maker *maker, uint32_t first) {
    const struct gw_text *text = maker->text;
    uint32_t end = gw_token_next(text, first + 1, text->token_count, maker->border);
    return (struct paragraph){first, end, gw_token_count(text, first, end, GW_CLASS_WORD)};
}

static bool is_story(const struct maker *maker, const struct paragraph *paragraph) {
    return paragraph->words >= PARAGRAPH_WORDS_LEAST &&
           (paragraph->words > NOTICE_WORDS_MOST || !is_notice(maker, paragraph->first, paragraph->end));
}

/* Too short for a lead, or a by-line. */
static bool precedes_lead(const struct maker *maker, const struct paragraph *paragraph) {
    return paragraph->words < LEAD_WORDS_LEAST || (paragraph->words < PARAGRAPH_WORDS_LEAST &&
                                                   maker->text->tokens[paragraph->first].hash == GW_BY_HASH);
}

static uint32_t pass_words(const struct gw_text *text, uint32_t at, uint32_t words) {
    for (; words > 0; at++) {
        words -= text->classes[at] & GW_CLASS_WORD;
    }
    return at;
}

/* Where a story has enough paragraphs behind the lead, its second is taken for a part of that. They are
 * counted, and not their words, as a lead that is told anew has another length. */
static uint32_t pass_second(const struct maker *maker, uint32_t lead_end) {
    uint32_t end = lead_end, stories = 0;
    for (uint32_t at = lead_end; at < maker->text->token_count && stories < FOLLOWING_LEAST;) {
        struct paragraph next = read_paragraph(maker, at);
        at = next.end;
        if (is_story(maker, &next)) {
            end = stories == 0 && next.words <= LEAD_WORDS_MOST ? next.end : end;
            stories++;
        }
    }
    return stories == FOLLOWING_LEAST ? end : lead_end;
}

/* The token behind the lead, which each outlet writes anew. */
static uint32_t pass_lead(const struct maker *maker) {
    const struct gw_text *text = maker->text;
    struct paragraph lead = {text->title_count, text->title_count, 0};
    while (lead.end < text->token_count && precedes_lead(maker, &lead)) {
        lead = read_paragraph(maker, lead.end);
    }
    return lead.words > LEAD_WORDS_MOST ? pass_words(text, lead.first, GW_LEAD_WORDS)
                                        : pass_second(maker, lead.end);
}

static void count_paragraphs(struct maker *maker) {
    for (uint32_t at = pass_lead(maker); at < maker->text->token_count;) {
        struct paragraph paragraph = read_paragraph(maker, at);
        at = paragraph.end;
        if (is_story(maker, &paragraph)) {
            count_tokens(maker, paragraph.first, paragraph.end);
        }
    }
}

struct gw_hash128 gw_fingerprint_content(struct gw_str title, struct gw_str body) {
    const struct gw_str parts[] = {title, body};
    return gw_hash128_parts(parts, sizeof parts / sizeof *parts);
}

uint64_t gw_fingerprint_similar(const struct gw_text *text) {
    struct maker maker = {.text = text, .border = find_border(text)};
    count_paragraphs(&maker);
    if (maker.words < STORY_WORDS_LEAST) {
        maker = (struct maker){.text = text};
        count_tokens(&maker, 0, text->token_count);
    }
    return gw_bit_counts_majority(&maker.once, &maker.twice, maker.votes);
}
