/* What sentences say of each who takes part, and what their markers act on, over the sentences of
 * tests/data/roles.txt and roles_held_out.txt and the articles of sentiment_articles.txt, from raw text. */
#include "base/file_map.h"
#include "cli/highlight.h"
#include "unit/process_bench.h"

#include <stdlib.h>
#include <strings.h>

#define TEXT_MOST         2048
#define PARTICIPANTS_MOST 32
#define WANTED_MOST       16
#define LINES_MOST        8

struct wanted {
    char kind[16], word[32];
    int participant; /* index from 1; 0: what it acts on is not asked */
    uint32_t start;  /* where its line begins */
    bool negated, quoted;
};

/* A sentence that stands alone, or an article. */
struct example {
    char text[TEXT_MOST];
    uint32_t size;
    struct line {
        uint32_t start, end;
        enum gw_label label;
    } lines[LINES_MOST]; /* of an article */
    int line_count;
    struct gw_span participants[PARTICIPANTS_MOST];
    enum gw_label labels[PARTICIPANTS_MOST];
    int participant_count;
    struct wanted wanted[WANTED_MOST];
    int wanted_count;
};

struct score {
    unsigned sentences, sentences_right, labels, labels_right, markers, markers_right, targets, targets_right;
};

/* Least figures, in percent. */
struct least {
    unsigned labels, markers, targets, sentences;
};

static const struct {
    char sign;
    enum gw_label label;
} signs[] = {{'-', GW_NEGATIVE}, {'0', GW_NEUTRAL}, {'+', GW_POSITIVE}};

static enum gw_label label_of(char sign) {
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (signs[i].sign == sign) {
            return signs[i].label;
        }
    }
    fail_msg("no sign: %c", sign);
    return GW_NEUTRAL;
}

static void append(struct example *example, char c) {
    assert_in_range(example->size, 0, TEXT_MOST - 2);
    example->text[example->size++] = c;
    example->text[example->size] = '\0';
}

/* "[Ana Lund|0] accused …" into the text and its participants; stops before "{". */
static const char *read_text(struct example *example, const char *line, const char *end) {
    for (; line < end && *line != '{'; line++) {
        if (*line == '[') {
            assert_in_range(example->participant_count, 0, PARTICIPANTS_MOST - 1);
            example->participants[example->participant_count].start = example->size;
        } else if (*line == '|') {
            example->participants[example->participant_count].end = example->size;
            example->participants[example->participant_count].field = GW_FIELD_BODY;
            example->labels[example->participant_count++] = label_of(line[1]);
            line += 2;
            assert_int_equal(*line, ']');
        } else {
            append(example, *line);
        }
    }
    while (example->size > 0 && example->text[example->size - 1] == ' ') {
        example->text[--example->size] = '\0';
    }
    return line;
}

/* "{accusation accused 2 negated; contrast despite}"; participants are counted from `first` on. */
static void read_wanted(struct example *example, const char *line, const char *end, uint32_t start,
                        int first) {
    char copy[TEXT_MOST];
    char *rest = copy, *part;
    if (line == end) {
        return;
    }
    snprintf(copy, sizeof copy, "%.*s", (int)(end - line - 2), line + 1);
    while ((part = strsep(&rest, ";"))) {
        assert_in_range(example->wanted_count, 0, WANTED_MOST - 1);
        struct wanted *wanted = &example->wanted[example->wanted_count++];
        assert_true(sscanf(part, "%15s %31s %d", wanted->kind, wanted->word, &wanted->participant) >= 2);
        wanted->participant += wanted->participant > 0 ? first : 0;
        wanted->negated = strstr(part, " negated") != NULL;
        wanted->quoted = strstr(part, " quoted") != NULL;
        wanted->start = start;
    }
}

/* A line of an article, the first of which is set off as a heading, or a sentence that stands alone. */
static void read_line(struct example *example, const char *line, const char *end, bool article) {
    if (article && example->size > 0) {
        append(example, '\n');
        append(example, '\n');
    }
    uint32_t start = example->size;
    int first = example->participant_count;
    const char *text = article ? line + 2 : line;
    read_wanted(example, read_text(example, text, end), end, start, first);
    if (article) {
        assert_in_range(example->line_count, 0, LINES_MOST - 1);
        example->lines[example->line_count++] = (struct line){start, example->size, label_of(*line)};
    }
}

static struct gw_annotation annotate(const struct example *example) {
    static const struct gw_annotate_options options = {
        .limits = &gw_limits_default, .budget = GW_ANNOTATE_BUDGET_DEFAULT, .markers = GW_MARKERS_FULL};
    struct gw_article article = {.body = gw_str_from(example->text),
                                 .targets = (struct gw_span *)(uintptr_t)example->participants,
                                 .target_count = (size_t)example->participant_count};
    struct gw_annotation annotation;
    assert_int_equal(gw_annotate(bench_model, &options, &article, &bench_arena, &annotation, NULL), GW_OK);
    return annotation;
}

/* The line that `at` is in, to show. */
static const char *line_at(const struct example *example, uint32_t at) {
    while (at > 0 && example->text[at - 1] != '\n') {
        at--;
    }
    return example->text + at;
}

static int line_size(const struct example *example, uint32_t at) {
    return (int)strcspn(line_at(example, at), "\n");
}

static void score_sentences(const struct example *example, const struct gw_annotation *annotation,
                            struct score *score) {
    for (int i = 0; i < example->line_count; i++) {
        const struct line *line = &example->lines[i];
        const struct gw_sentence *found = NULL;
        for (size_t s = 0; s < annotation->sentence_count; s++) {
            if (annotation->sentences[s].span.start == line->start) {
                found = &annotation->sentences[s];
            }
        }
        assert_non_null(found);
        assert_int_equal(found->span.end, line->end);
        score->sentences_right += found->label == line->label;
        if (found->label != line->label) {
            print_message("%.*s\n    the sentence: %c, not %c\n", (int)(line->end - line->start),
                          example->text + line->start, signs[found->label].sign, signs[line->label].sign);
        }
    }
}

static void score_labels(const struct example *example, const struct gw_annotation *annotation,
                         struct score *score) {
    for (int i = 0; i < example->participant_count; i++) {
        struct gw_span span = example->participants[i];
        bool right = annotation->targets[i].label == example->labels[i];
        score->labels++;
        score->labels_right += right;
        if (!right) {
            print_message("%.*s\n    %.*s: %c, not %c\n", line_size(example, span.start),
                          line_at(example, span.start), (int)(span.end - span.start),
                          example->text + span.start, signs[annotation->targets[i].label].sign,
                          signs[example->labels[i]].sign);
        }
    }
}

static const struct gw_marker *find_marker(const struct example *example, const struct wanted *wanted,
                                           const struct gw_annotation *annotation) {
    for (size_t m = 0; m < annotation->marker_count; m++) {
        const struct gw_marker *marker = &annotation->markers[m];
        size_t size = marker->span.end - marker->span.start;
        if (marker->span.start >= wanted->start &&
            strcmp(gw_marker_kind_name(marker->kind), wanted->kind) == 0 && size >= strlen(wanted->word) &&
            strncasecmp(example->text + marker->span.end - strlen(wanted->word), wanted->word,
                        strlen(wanted->word)) == 0) {
            return marker;
        }
    }
    return NULL;
}

static bool is_named(const struct gw_annotation *annotation, uint32_t entity, struct gw_span span) {
    for (size_t i = 0; entity != GW_NO_INDEX && i < annotation->entities[entity].mention_count; i++) {
        struct gw_span mention = annotation->entities[entity].mentions[i].span;
        if (mention.start < span.end && mention.end > span.start) {
            return true;
        }
    }
    return false;
}

static void score_markers(const struct example *example, const struct gw_annotation *annotation,
                          struct score *score) {
    for (int i = 0; i < example->wanted_count; i++) {
        const struct wanted *wanted = &example->wanted[i];
        const struct gw_marker *marker = find_marker(example, wanted, annotation);
        bool right =
            marker && marker->negated == wanted->negated && wanted->quoted == (marker->quote != GW_NO_INDEX);
        bool hits = marker && wanted->participant > 0 &&
                    is_named(annotation, marker->target, example->participants[wanted->participant - 1]);
        score->markers++;
        score->markers_right += right;
        score->targets += wanted->participant > 0;
        score->targets_right += hits;
        if (!right || (wanted->participant > 0 && !hits)) {
            print_message("%.*s\n    %s %s: %s\n", line_size(example, wanted->start),
                          line_at(example, wanted->start), wanted->kind, wanted->word,
                          !marker  ? "no marker"
                          : !right ? "negated or quoted wrongly"
                                   : "acts on another");
        }
    }
}

static void score_example(struct example *example, struct score *score) {
    if (example->size == 0) {
        return;
    }
    struct gw_annotation annotation = annotate(example);
    score_sentences(example, &annotation, score);
    score_labels(example, &annotation, score);
    score_markers(example, &annotation, score);
    score->sentences += example->line_count > 0 ? (unsigned)example->line_count : 1;
    gw_arena_reset(&bench_arena);
    memset(example, 0, sizeof *example);
}

static struct score score_file(const char *path, bool articles) {
    static struct example example;
    struct gw_file_map file;
    struct score score = {0};
    assert_int_equal(gw_file_map_open(&file, path, NULL), GW_OK);
    const char *end = file.bytes.data + file.bytes.size;
    for (const char *line = file.bytes.data; line < end;) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        assert_non_null(stop);
        bool says = stop > line && *line != '#' && *line != '=';
        if (says) {
            read_line(&example, line, stop, articles);
        }
        if (!says || !articles) {
            score_example(&example, &score);
        }
        line = stop + 1;
    }
    score_example(&example, &score);
    gw_file_map_close(&file);
    return score;
}

static void check(const char *path, bool articles, unsigned sentences, struct least least) {
    struct score score = score_file(path, articles);
    print_message("%u sentences: %u of %u labels, %u of %u markers, %u of %u that markers act on\n",
                  score.sentences, score.labels_right, score.labels, score.markers_right, score.markers,
                  score.targets_right, score.targets);
    assert_true(score.sentences >= sentences);
    assert_true(100 * score.labels_right >= least.labels * score.labels);
    assert_true(100 * score.markers_right >= least.markers * score.markers);
    assert_true(100 * score.targets_right >= least.targets * score.targets);
    assert_true(!articles || 100 * score.sentences_right >= least.sentences * score.sentences);
    if (articles) {
        print_message("%u of %u sentences have the label\n", score.sentences_right, score.sentences);
    }
}

static void test_sentences(void **state) {
    (void)state;
    check(GW_SOURCE_DIR "/tests/data/roles.txt", false, 150, (struct least){90, 95, 95, 0});
}

static void test_sentences_that_no_rule_was_made_for(void **state) {
    (void)state;
    check(GW_SOURCE_DIR "/tests/data/roles_held_out.txt", false, 40, (struct least){80, 95, 90, 0});
}

static void test_articles(void **state) {
    (void)state;
    check(GW_SOURCE_DIR "/tests/data/sentiment_articles.txt", true, 20, (struct least){60, 90, 90, 85});
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sentences),
                                       cmocka_unit_test(test_sentences_that_no_rule_was_made_for),
                                       cmocka_unit_test(test_articles)};
    return cmocka_run_group_tests(tests, bench_open, bench_close);
}
