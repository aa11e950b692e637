/* How well mentions are joined: pairs of mentions of one entity, over the articles of tests/data/joining.txt,
 * from raw text. A mention that the tagger does not find is joined with nothing. */
#include "base/file_map.h"
#include "process/entities/names/names.h"
#include "unit/process_bench.h"

#include <stdlib.h>

#define ARTICLES      GW_SOURCE_DIR "/tests/data/joining.txt"
#define MENTIONS_MOST 64
#define TEXT_MOST     4096

/* Least figures, in percent. */
enum { PRECISION_LEAST = 98, RECALL_LEAST = 90, ARTICLES_LEAST = 60 };

struct mention {
    enum gw_text_field field;
    size_t start, end; /* in bytes of its field */
    unsigned entity;
};

struct example {
    char name[128];
    char fields[GW_FIELD_COUNT][TEXT_MOST];
    struct mention mentions[MENTIONS_MOST];
    size_t mention_count;
};

struct pairs {
    unsigned right, joined, wanted;
};

/* Takes the marks out of a line and puts them among the mentions. */
static void read_line(struct example *example, enum gw_text_field field, const char *line, size_t size) {
    char *out = example->fields[field];
    size_t at = strlen(out);
    struct mention *open = NULL;
    for (size_t i = 0; i < size; i++) {
        if (line[i] == '[') {
            open = &example->mentions[example->mention_count++];
            *open = (struct mention){field, at, 0, 0};
        } else if (open && line[i] == '|') {
            open->end = at;
            open->entity = (unsigned)strtoul(line + i + 2, NULL, 10);
            while (line[i] != ']') {
                i++;
            }
            open = NULL;
        } else {
            out[at++] = line[i];
        }
    }
    out[at++] = '\n';
    out[at] = '\0';
    assert_true(at < TEXT_MOST && example->mention_count < MENTIONS_MOST);
}

/* The entity of the system's mention that overlaps the given one, or GW_NO_INDEX. */
static uint32_t find_entity(const struct gw_text *text, const struct gw_name_spans *spans,
                            const struct gw_entities *entities, const struct mention *wanted) {
    for (uint32_t i = 0; i < spans->count; i++) {
        struct gw_span span = gw_text_span(text, spans->items[i].first, spans->items[i].last);
        if (span.field == wanted->field && span.start < wanted->end && span.end > wanted->start) {
            return entities->of_span[i];
        }
    }
    return GW_NO_INDEX;
}

static void count_pair(const struct example *example, const uint32_t *found, size_t a, size_t b,
                       struct pairs *pairs) {
    bool wanted = example->mentions[a].entity == example->mentions[b].entity;
    bool joined = found[a] != GW_NO_INDEX && found[a] == found[b];
    pairs->wanted += wanted;
    pairs->joined += joined;
    pairs->right += wanted && joined;
    if (wanted != joined) {
        const struct mention *one = &example->mentions[a], *other = &example->mentions[b];
        print_message("%s: %s \"%.*s\" and \"%.*s\"\n", example->name,
                      wanted ? "not joined" : "WRONGLY joined", (int)(one->end - one->start),
                      example->fields[one->field] + one->start, (int)(other->end - other->start),
                      example->fields[other->field] + other->start);
    }
}

static void score(const struct example *example, struct pairs *pairs) {
    const char *title = example->fields[GW_FIELD_TITLE];
    struct gw_text text = bench_text(*title ? title : NULL, example->fields[GW_FIELD_BODY]);
    struct gw_name_spans spans;
    struct gw_entities entities;
    struct gw_work work = bench_work();
    uint32_t found[MENTIONS_MOST];
    assert_int_equal(gw_tagger_find(&text, bench_model, &work, &bench_arena, &spans), GW_OK);
    bench_join(&text, &spans, &entities);
    for (size_t i = 0; i < example->mention_count; i++) {
        found[i] = find_entity(&text, &spans, &entities, &example->mentions[i]);
        for (size_t k = 0; k < i; k++) {
            count_pair(example, found, k, i, pairs);
        }
    }
    gw_arena_reset(&bench_arena);
}

static void test_pairs_of_mentions(void **state) {
    (void)state;
    static struct example example;
    struct gw_file_map file;
    struct pairs pairs = {0, 0, 0};
    unsigned articles = 0;
    assert_int_equal(gw_file_map_open(&file, ARTICLES, NULL), GW_OK);
    const char *end = file.bytes.data + file.bytes.size;
    for (const char *line = file.bytes.data; line < end;) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        assert_non_null(stop);
        size_t size = (size_t)(stop - line);
        if (size > 3 && memcmp(line, "== ", 3) == 0) {
            memset(&example, 0, sizeof example);
            snprintf(example.name, sizeof example.name, "%.*s", (int)size - 3, line + 3);
        } else if (size > 7 && memcmp(line, "title: ", 7) == 0) {
            read_line(&example, GW_FIELD_TITLE, line + 7, size - 7);
        } else if (size > 0 && *line != '#') {
            read_line(&example, GW_FIELD_BODY, line, size);
            score(&example, &pairs);
            articles++;
        }
        line = stop + 1;
    }
    gw_file_map_close(&file);
    print_message("%u articles, %u pairs: %u joined, %u of them rightly\n", articles, pairs.wanted,
                  pairs.joined, pairs.right);
    assert_true(articles >= ARTICLES_LEAST);
    assert_true(100 * pairs.right >= PRECISION_LEAST * pairs.joined);
    assert_true(100 * pairs.right >= RECALL_LEAST * pairs.wanted);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_pairs_of_mentions)};
    return cmocka_run_group_tests(tests, bench_open, bench_close);
}
