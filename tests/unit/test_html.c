/* HTML: what is visible, in pieces at their place in the given text. */
#include "process/text/html.h"
#include "unit/process_bench.h"

/* The visible pieces, parted by '|', "/" in front of one that begins a line, "¶" a paragraph. */
static const char *visible(const char *html) {
    static char out[1024];
    struct gw_piece *pieces;
    size_t count, size = 0;
    out[0] = '\0';
    assert_int_equal(gw_html_pieces(gw_str_from(html), &pieces, &count, &bench_arena), GW_OK);
    for (size_t i = 0; i < count; i++) {
        const char *gap = pieces[i].gap & GW_SHAPE_PARAGRAPH ? "¶" : pieces[i].gap & GW_SHAPE_LINE ? "/" : "";
        size += (size_t)snprintf(out + size, sizeof out - size, "%s%s%.*s", i ? "|" : "", gap,
                                 (int)(pieces[i].end - pieces[i].start), html + pieces[i].start);
    }
    return out;
}

static void test_what_is_visible(void **state) {
    (void)state;
    static const struct {
        const char *html, *pieces;
    } cases[] = {
        {"plain", "plain"},
        {"<p>One <b>two</b></p><p>three", "¶One |two|¶three"},
        {"a<br>b<BR/>c", "a|/b|/c"},
        {"a<!-- <p>no</p> -->b", "a|b"},
        {"a<script>if (x < y) { z('</p>'); }</script>b", "a|¶b"},
        {"a<style>p {}</STYLE>b", "a|¶b"},
        {"<a href=\"x>y\" title='>'>link</a>", "link"},
        {"Tom &amp; Ann &#39;s &#x41;", "Tom | Ann |s "},
        {"1 < 2 and 3 > 2 & so", "1 < 2 and 3 > 2 & so"},
        {"<!DOCTYPE html><?xml?>x", "x"},
        {"a<b", "a"},
        {"a<!-- never closed", "a"},
        {"a<script>never closed", "a"},
        {"a<a href=\"never closed>b", "a"},
        {"", ""},
        {"<", "<"},
        {"&", "&"},
        {"&#;&;", "&#;&;"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(visible(cases[i].html), cases[i].pieces);
    }
}

static void test_tokens_are_never_made_of_tags(void **state) {
    (void)state;
    static const char html[] =
        "<p class='Kenya'>The port of <b>Mombasa</b> is open.</p><script>var Nairobi;</script>";
    struct gw_annotate_options options = {.limits = &gw_limits_default, .budget = GW_ANNOTATE_BUDGET_DEFAULT};
    struct gw_article article = {.body = gw_str_from(html),
                                 .content_type = GW_STR("text/html; charset=utf-8")};
    struct gw_annotation annotation;
    assert_int_equal(gw_annotate(bench_model, &options, &article, &bench_arena, &annotation, NULL), GW_OK);
    assert_int_equal(annotation.sentence_count, 1);
    assert_str(bench_cut(&article, annotation.sentences[0].span), "The port of <b>Mombasa</b> is open.");
    assert_int_equal(annotation.entity_count, 1);
    assert_str(annotation.entities[0].name, "Mombasa");
}

static void test_memory_ends(void **state) {
    (void)state;
    struct gw_arena small;
    struct gw_piece *pieces;
    size_t count;
    gw_arena_init(&small, &gw_allocator_system, 0);
    assert_int_equal(gw_html_pieces(GW_STR("a<b>c"), &pieces, &count, &small), GW_NO_MEMORY);
    gw_arena_free(&small);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_visible),
        cmocka_unit_test(test_tokens_are_never_made_of_tags),
        cmocka_unit_test(test_memory_ends),
    };
    return cmocka_run_group_tests(tests, bench_open, bench_close);
}
