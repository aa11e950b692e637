/* The user's own names: read from TSV, found in texts, linked; and blocks that are not what they should be.
 */
#include "process/entities/links/user_gazetteer_compile.h"
#include "unit/failing_allocator.h"
#include "unit/process_bench.h"

#include <stdlib.h>

static struct gw_buffer block;
static struct gw_user_gazetteer gazetteer;

/* Compiles one file of names; what is wrong with it, or "". */
static const char *compile(const char *tsv) {
    static char mistakes[2048];
    struct gw_buffer complaints;
    struct gw_error error;
    const struct gw_user_source source = {"desk.tsv", GW_STR("desk"), gw_str_from(tsv)};
    gw_buffer_init(&complaints, &gw_allocator_system, sizeof mistakes - 1);
    gw_buffer_free(&block);
    gw_buffer_init(&block, &gw_allocator_system, SIZE_MAX);
    enum gw_status status = gw_user_gazetteer_compile(&source, 1, bench_model, &block, &complaints, &error);
    assert_int_equal(status, complaints.size > 0 ? GW_BAD_CONFIG : GW_OK);
    snprintf(mistakes, sizeof mistakes, GW_STR_FMT, GW_STR_ARG(gw_buffer_str(&complaints)));
    gw_buffer_free(&complaints);
    if (status == GW_OK) {
        assert_int_equal(gw_user_gazetteer_open(gw_buffer_str(&block), bench_model, &gazetteer, &error),
                         GW_OK);
    }
    return mistakes;
}

static int close_block(void **state) {
    gw_buffer_free(&block);
    return bench_close(state);
}

/* "type:name=id" of each entity with a link of the user's, in the order of the text. */
static const char *linked(const char *body) {
    static char out[1024];
    struct gw_text text = bench_text(NULL, body);
    struct gw_name_spans spans;
    struct gw_entities entities;
    struct gw_work work = bench_work();
    const struct gw_names_context context = {bench_model, &gazetteer, &gw_limits_default};
    size_t size = 0;
    out[0] = '\0';
    assert_int_equal(gw_tagger_find(&text, bench_model, &work, &bench_arena, &spans), GW_OK);
    assert_int_equal(gw_user_names_find(&gazetteer, &text, &bench_arena, &spans), GW_OK);
    for (uint32_t i = 1; i < spans.count; i++) {
        assert_true(spans.items[i - 1].last < spans.items[i].first);
    }
    assert_int_equal(gw_names_join(&text, &context, &spans, &bench_arena, &entities), GW_OK);
    for (uint32_t i = 0; i < spans.count; i++) {
        const struct gw_entity *entity = &entities.items[entities.of_span[i]];
        struct gw_str cut = gw_text_cut(&text, spans.items[i].first, spans.items[i].last);
        if (entity->link_count > 0 && gw_str_is(entity->links[0].scheme, "desk")) {
            size += (size_t)snprintf(out + size, sizeof out - size, "%s%d:" GW_STR_FMT "=" GW_STR_FMT,
                                     size ? " " : "", (int)entity->type, GW_STR_ARG(cut),
                                     GW_STR_ARG(entity->links[0].id));
        }
    }
    return out;
}

static void test_names_are_found_and_linked(void **state) {
    (void)state;
    assert_string_equal(compile("Zorblax\tPRODUCT\tP-1\nMaria Lindqvist\tPERSON\tQ7\n"), "");
    assert_string_equal(linked("We saw Maria Lindqvist with her Zorblax."),
                        "0:Maria Lindqvist=Q7 5:Zorblax=P-1");
    assert_string_equal(linked("Lindqvist sang. Maria Lindqvist left."),
                        "0:Lindqvist=Q7 0:Maria Lindqvist=Q7");
}

static void test_aliases_of_one_id_are_one(void **state) {
    (void)state;
    assert_string_equal(compile("# the paper\nDaily Courier\tORG\tC1\nThe Old Lady\tORG\tC1\r\n\n"), "");
    assert_string_equal(compile("\xEF\xBB\xBF# the paper\nDaily Courier\tORG\tC1\nThe Old Lady\tORG\tC1\n"),
                        "");
    assert_string_equal(linked("The Old Lady owns the Daily Courier."),
                        "1:The Old Lady=C1 1:Daily Courier=C1");
}

static void test_the_longest_name_wins(void **state) {
    (void)state;
    assert_string_equal(compile("Oslo\tLOC\tO\nOslo Harbour Board\tORG\tB\n"), "");
    assert_string_equal(linked("In Oslo the Oslo Harbour Board met."), "2:Oslo=O 1:Oslo Harbour Board=B");
    assert_string_equal(compile("Harbour\tMISC\tH\n"), "");
    assert_string_equal(linked("The Nigerian Harbour Authority met."), "");
}

static void test_case(void **state) {
    (void)state;
    assert_string_equal(compile("hegemony\tMISC\th\nApple\tORG\ta\nWHO\tORG\tw\niPhone\tPRODUCT\ti\n"), "");
    assert_string_equal(linked("they spoke of hegemony and Hegemony"), "7:hegemony=h 7:Hegemony=h");
    assert_string_equal(linked("an apple for who knows; Who knows"), "");
    assert_string_equal(linked("The WHO met Apple about the iPhone."), "1:WHO=w 1:Apple=a 5:iPhone=i");
}

static void test_context_chooses(void **state) {
    (void)state;
    assert_string_equal(compile("Jaguar\tORG\tcar\tengine, cars\nJaguar\tMISC\tcat\tforest\n"
                                "Mercury\tMISC\tplanet\nMercury\tORG\tpaper\tnewspaper editor\n"),
                        "");
    assert_string_equal(linked("The Jaguar has a new engine."), "1:Jaguar=car");
    assert_string_equal(linked("The Jaguar left the forest."), "7:Jaguar=cat");
    assert_string_equal(linked("The Jaguar left."), "");
    assert_string_equal(linked("We saw Mercury rise."), "7:Mercury=planet");
    assert_string_equal(linked("The editor of Mercury, a newspaper, rose."), "1:Mercury=paper");
}

static void test_ids_keep_names_apart(void **state) {
    (void)state;
    assert_string_equal(compile("Maria Lindqvist\tPERSON\tQ7\nLindqvist\tPERSON\tQ8\n"), "");
    assert_string_equal(linked("Maria Lindqvist came. Lindqvist left."),
                        "0:Maria Lindqvist=Q7 0:Lindqvist=Q8");
}

static void test_mistakes_tell_their_line(void **state) {
    (void)state;
    assert_string_equal(
        compile("Oslo\tLOC\tO\nOslo\n"),
        "desk.tsv:2: the line is not: alias, type, id and perhaps context words, with a tab between "
        "them\n");
    assert_string_equal(compile("\n# x\nOslo\tCITY\tO\n"),
                        "desk.tsv:3: the second field is none of PERSON, ORG, LOC, "
                        "FAC, NORP, PRODUCT, EVENT and MISC\n");
    assert_string_equal(compile("Oslo\tLOC\t\n"), "desk.tsv:1: the id is empty\n");
    assert_string_equal(compile("?\tLOC\tx\n"), "desk.tsv:1: the alias has no letter and no digit\n");
    assert_string_equal(compile("a b c d e f g h i\tLOC\tx\n"),
                        "desk.tsv:1: the alias has more than 8 words\n");
    assert_string_equal(compile("\xFF\tLOC\tx\n"), "desk.tsv:1: the line is not UTF-8\n");
    assert_string_equal(compile("a\tLOC\tx\ta b c d e f g h i j k l m n o p q\n"),
                        "desk.tsv:1: there are more than 16 context words\n");
}

static void test_only_the_first_mistakes_are_told(void **state) {
    (void)state;
    char tsv[256] = "";
    for (int i = 0; i < 30; i++) {
        strcat(tsv, "x\n");
    }
    const char *mistakes = compile(tsv);
    size_t lines = 0;
    for (const char *at = mistakes; *at; at++) {
        lines += *at == '\n';
    }
    assert_int_equal(lines, GW_USER_COMPLAINTS_MOST);
}

static void test_an_empty_file_finds_nothing(void **state) {
    (void)state;
    assert_string_equal(compile("# nothing yet\n"), "");
    assert_string_equal(linked("Oslo is here."), "");
}

static void test_the_same_lines_give_the_same_bytes(void **state) {
    (void)state;
    static const char tsv[] = "Oslo\tLOC\tO\tfjord\nBergen\tLOC\tB\nBergen\tLOC\tB\n";
    compile(tsv);
    struct gw_hash128 once = gw_hash128(gw_buffer_str(&block));
    assert_int_equal(gazetteer.header->entry_count, 2);
    compile(tsv);
    struct gw_hash128 twice = gw_hash128(gw_buffer_str(&block));
    assert_true(once.low == twice.low && once.high == twice.high);
}

/* Every byte is looked at: none can be another without being noticed. */
static void test_altered_blocks_are_refused(void **state) {
    (void)state;
    compile("Oslo\tLOC\tO\tfjord\nBergen\tLOC\tB\n");
    for (size_t i = 0; i < block.size; i++) {
        struct gw_error error;
        bool unused = i >= offsetof(struct gw_user_header, entry_count) && i < sizeof(struct gw_user_header);
        block.data[i] ^= 0x40;
        enum gw_status status =
            gw_user_gazetteer_open(gw_buffer_str(&block), bench_model, &gazetteer, &error);
        assert_true(status == GW_BAD_MODEL || unused);
        block.data[i] ^= 0x40;
    }
    for (size_t size = 0; size < block.size; size++) {
        assert_int_equal(
            gw_user_gazetteer_open((struct gw_str){(char *)block.data, size}, bench_model, &gazetteer, NULL),
            GW_BAD_MODEL);
    }
}

static void test_two_files_have_two_schemes(void **state) {
    (void)state;
    const struct gw_user_source sources[] = {{"a.tsv", GW_STR("a"), GW_STR("Zorblax\tMISC\t1\n")},
                                             {"b.tsv", GW_STR("b"), GW_STR("Qorvath\tMISC\t1\n")}};
    gw_buffer_free(&block);
    gw_buffer_init(&block, &gw_allocator_system, SIZE_MAX);
    assert_int_equal(gw_user_gazetteer_compile(sources, 2, bench_model, &block, NULL, NULL), GW_OK);
    assert_int_equal(gw_user_gazetteer_open(gw_buffer_str(&block), bench_model, &gazetteer, NULL), GW_OK);
    assert_int_not_equal(gazetteer.entries[0].id, gazetteer.entries[1].id);
    for (uint32_t i = 0; i < 2; i++) {
        struct gw_str scheme = gw_user_scheme(&gazetteer, &gazetteer.entries[i]);
        assert_str(scheme, gazetteer.entries[i].scheme == 0 ? "a" : "b");
    }
}

/* Enough lines that every buffer and arena grows; each allocation fails once. */
static void test_each_failing_allocation_is_no_memory(void **state) {
    (void)state;
    enum { LINES = 400 };
    struct gw_buffer tsv;
    gw_buffer_init(&tsv, &gw_allocator_system, SIZE_MAX);
    for (unsigned i = 0; i < LINES; i++) {
        gw_buffer_appendf(&tsv, "Zorblax %u\tORG\tthe-id-of-number-%u\tharbour, %u\n", i, i, i);
    }
    const struct gw_user_source source = {"desk.tsv", GW_STR("desk"), gw_buffer_str(&tsv)};
    size_t turns = 0;
    for (bool failed = true; failed; turns++) {
        struct failing_allocator failing = {.fail_at = turns};
        struct gw_allocator allocator = failing_allocator(&failing);
        struct gw_error error = {.status = GW_OK};
        struct gw_buffer out;
        gw_buffer_init(&out, &allocator, SIZE_MAX);
        enum gw_status status = gw_user_gazetteer_compile(&source, 1, bench_model, &out, NULL, &error);
        assert_int_equal(status, failing.failed ? GW_NO_MEMORY : GW_OK);
        assert_int_equal(error.status, status);
        if (status == GW_OK) {
            assert_int_equal(gw_user_gazetteer_open(gw_buffer_str(&out), bench_model, &gazetteer, &error),
                             GW_OK);
            assert_int_equal(gazetteer.header->entry_count, LINES);
        }
        gw_buffer_free(&out);
        assert_int_equal(failing.in_use, 0);
        failed = failing.failed;
    }
    assert_in_range(turns, 10, 1000);
    gw_buffer_free(&tsv);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_are_found_and_linked),
        cmocka_unit_test(test_aliases_of_one_id_are_one),
        cmocka_unit_test(test_the_longest_name_wins),
        cmocka_unit_test(test_case),
        cmocka_unit_test(test_context_chooses),
        cmocka_unit_test(test_ids_keep_names_apart),
        cmocka_unit_test(test_mistakes_tell_their_line),
        cmocka_unit_test(test_only_the_first_mistakes_are_told),
        cmocka_unit_test(test_an_empty_file_finds_nothing),
        cmocka_unit_test(test_the_same_lines_give_the_same_bytes),
        cmocka_unit_test(test_altered_blocks_are_refused),
        cmocka_unit_test(test_two_files_have_two_schemes),
        cmocka_unit_test(test_each_failing_allocation_is_no_memory),
    };
    return cmocka_run_group_tests(tests, bench_open, close_block);
}
