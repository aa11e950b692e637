/* HTML: its text, and where each part of it stands in what was given. */
#include "base/utf8.h"
#include "process/text/html.h"
#include "process/text/html_names.h"
#include "unit/dice.h"
#include "unit/process_bench.h"

static struct gw_html read_html(const char *given) {
    struct gw_html html;
    assert_int_equal(gw_html_read(gw_str_from(given), &bench_arena, &html), GW_OK);
    return html;
}

static void test_what_is_visible(void **state) {
    (void)state;
    static const struct {
        const char *html, *text;
    } cases[] = {
        {"plain", "plain"},
        {"<p>One <b>two</b></p><p>three", "One two\n\nthree"},
        {"<p>\n  One\n  two \t three\n</p>\n\n<p>four</p>", "One two three\n\nfour"},
        {"a<br>b<BR/>c", "a\nb\nc"},
        {"Mom<b>basa</b>", "Mombasa"},
        {"a <i> b</i> c", "a b c"},
        {"a<!-- <p>no</p> -->b", "ab"},
        {"a<script>if (x < y) { z('</p>'); }</script>b", "a\n\nb"},
        {"a<style>p {}</STYLE>b", "a\n\nb"},
        {"a<nav><ul><li><a href=x>Home</a></ul></nav>b", "a\n\nb"},
        {"a<NAV class='x'>Home</NAV >b", "a\n\nb"},
        {"a<nav>never closed <b>b</b>", "a\n\nnever closed b"},
        {"a<navy>b</navy>c", "abc"},
        {"a<svg><title>no</title></svg>b", "a\n\nb"},
        {"<head><title>no</title></head><body>b", "b"},
        {"<a href=\"x>y\" title='>'>link</a>", "link"},
        {"Tom &amp; Ann &#39;s &#x41;", "Tom & Ann 's A"},
        {"AT&amp;T Ren&eacute; &#233; &#xE9; &Eacute;", "AT&T René é é É"},
        {"&#145;a&#146; &#8220;b&#8221; &hellip;", "‘a’ “b” …"},
        {"a&nbsp;&nbsp;b&shy;c", "a bc"},
        {"AT&ampT &lt3 &copy &eacute", "AT&T <3 &copy &eacute"},
        {"&unknown; &#; &; &#x; &#0; &#xD800; &#99999999999;",
         "&unknown; &#; &; &#x; \xEF\xBF\xBD \xEF\xBF\xBD \xEF\xBF\xBD"},
        {"1 < 2 and 3 > 2 & so", "1 < 2 and 3 > 2 & so"},
        {"<!DOCTYPE html><?xml?>x", "x"},
        {"<pre>a\n b\n\nc</pre>d\ne", "a\nb\n\nc\n\nd e"},
        {"<td>a</td><td>b</td>", "a\n\nb"},
        {"a<b", "a"},
        {"a<!-- never closed", "a"},
        {"a<script>never closed", "a"},
        {"a<a href=\"never closed>b", "a"},
        {"", ""},
        {"<", "<"},
        {"&", "&"},
        {"  ", ""},
        {"a</", "a</"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_str(read_html(cases[i].html).text, cases[i].text);
    }
}

/* The given text of what is `part` in the text. */
static struct gw_str given_of(const char *given, const char *part) {
    struct gw_html html = read_html(given);
    char text[512];
    snprintf(text, sizeof text, GW_STR_FMT, GW_STR_ARG(html.text));
    const char *found = strstr(text, part);
    assert_non_null(found);
    struct gw_span span = {(uint32_t)(found - text), (uint32_t)(found - text + (ptrdiff_t)strlen(part)),
                           GW_FIELD_BODY};
    span = gw_html_to_given(&html, span);
    return gw_str_sub(gw_str_from(given), span.start, span.end);
}

static void test_spans_go_back_to_what_was_given(void **state) {
    (void)state;
    static const struct {
        const char *html, *part, *given;
    } cases[] = {
        {"<p>The port of <b>Mombasa</b>.", "Mombasa", "Mombasa"},
        {"<p>The port of <b>Mom</b>basa.", "Mombasa", "Mom</b>basa"},
        {"AT&amp;T and", "AT&T", "AT&amp;T"},
        {"AT&amp;T and", "T and", "T and"},
        {"by Ren&eacute;.", "René", "Ren&eacute;"},
        {"by Ren&eacute;.", ".", "."},
        {"one   two", "one two", "one   two"},
        {"<p>one</p> <p>two</p>", "two", "two"},
        {"<p>one</p> <p>two</p>", "one\n\ntwo", "one</p> <p>two"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_str(given_of(cases[i].html, cases[i].part), cases[i].given);
    }
    struct gw_html none = read_html("<p>");
    struct gw_span empty = gw_html_to_given(&none, (struct gw_span){0, 0, GW_FIELD_BODY});
    assert_int_equal(empty.start + empty.end, 0);
}

static void test_spans_of_what_was_given_in_the_text(void **state) {
    (void)state;
    static const char given[] = "<p>AT&amp;T and <b>Ren&eacute;</b></p><p>two";
    static const struct {
        const char *part, *text;
    } cases[] = {
        {"AT&amp;T", "AT&T"},
        {"<b>Ren&eacute;</b>", "René"},
        {"Ren&eac", "René"},
        {"<b>", ""},
        {"and <b>R", "and R"},
        {"two", "two"},
        {given, "AT&T and René\n\ntwo"},
    };
    struct gw_html html = read_html(given);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t start = (uint32_t)(strstr(given, cases[i].part) - given);
        struct gw_span span = {start, start + (uint32_t)strlen(cases[i].part), GW_FIELD_BODY};
        span = gw_html_to_text(&html, span);
        assert_str(gw_str_sub(html.text, span.start, span.end), cases[i].text);
    }
}

/* Pieces that hurt, put together at random: the text is valid, and every span of it goes there and back. */
static void test_hostile_html(void **state) {
    (void)state;
    static const char *const pieces[] = {"<",        ">",         "&",     ";",      "&amp;",  "&#",
                                         "x41",      "é",         "<p>",   "</p>",   "<!--",   "-->",
                                         "<script>", "</script>", "<nav>", "</nav>", "\"",     "'",
                                         "=",        "<a href=",  " ",     "\n",     "word",   "&#0;",
                                         "&shy;",    "<br>",      "<pre>", "</",     "&nbsp;", "<svg"};
    struct dice dice = {3};
    for (int turn = 0; turn < 3000; turn++) {
        char given[512] = "";
        for (size_t i = dice_roll(&dice, 30); i > 0; i--) {
            strcat(given, pieces[dice_roll(&dice, sizeof pieces / sizeof *pieces)]);
        }
        struct gw_html html = read_html(given);
        assert_int_equal(gw_utf8_valid_prefix(html.text), html.text.size);
        for (uint32_t at = 0; at < html.text.size; at++) {
            struct gw_span there = gw_html_to_given(&html, (struct gw_span){at, at + 1, GW_FIELD_BODY});
            assert_true(there.start <= there.end && there.end <= strlen(given));
            struct gw_span back = gw_html_to_text(&html, there);
            assert_true(back.start <= at && back.end >= at + 1 && back.end <= html.text.size);
        }
        gw_arena_reset(&bench_arena);
    }
}

/* What would cost the square of its size if each piece looked to the end: here it takes a blink. */
static void test_cost_is_linear(void **state) {
    (void)state;
    static const char *const pieces[] = {"<nav>", "<svg><",  "<!-",   "<a x='",
                                         "&#x",   "<script", "</nav", "<p "};
    enum { SIZE = 4 << 20 };
    char *given = malloc(SIZE + 1);
    assert_non_null(given);
    for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++) {
        size_t size = strlen(pieces[p]);
        for (size_t at = 0; at < SIZE; at++) {
            given[at] = pieces[p][at % size];
        }
        given[SIZE] = '\0';
        struct gw_html html = read_html(given);
        assert_true(html.text.size <= SIZE);
        gw_arena_reset(&bench_arena);
    }
    free(given);
}

static struct gw_annotation annotate_html(const struct gw_article *article, enum gw_html_offsets offsets) {
    const struct gw_annotate_options options = {
        .limits = &gw_limits_default, .html_offsets = offsets, .budget = GW_ANNOTATE_BUDGET_DEFAULT};
    struct gw_annotation annotation;
    assert_int_equal(gw_annotate(bench_model, &options, article, &bench_arena, &annotation, NULL), GW_OK);
    return annotation;
}

static void test_names_are_whole_and_tags_are_none(void **state) {
    (void)state;
    static const char html[] =
        "<nav>Nairobi</nav><p class='Kenya'>The port of <b>Mom</b>basa is open, Ren&eacute; M&uuml;ller "
        "of AT&amp;T said.</p><script>var Lagos;</script>";
    const char *start = strstr(html, "The port"), *end = strstr(html, ", Ren");
    struct gw_span target = {(uint32_t)(start - html), (uint32_t)(end - html), GW_FIELD_BODY};
    struct gw_article article = {.body = gw_str_from(html),
                                 .content_type = GW_STR("text/html; charset=utf-8"),
                                 .targets = &target,
                                 .target_count = 1,
                                 .published_at_ms = INT64_MIN};
    struct gw_annotation annotation = annotate_html(&article, GW_HTML_GIVEN);
    assert_null(annotation.stripped_body.data);
    assert_int_equal(annotation.sentence_count, 1);
    assert_str(bench_cut(&article, annotation.sentences[0].span),
               "The port of <b>Mom</b>basa is open, Ren&eacute; M&uuml;ller of AT&amp;T said.");
    assert_int_equal(annotation.entity_count, 3);
    static const char *const names[][2] = {
        {"Mombasa", "Mom</b>basa"}, {"René Müller", "Ren&eacute; M&uuml;ller"}, {"AT&T", "AT&amp;T"}};
    for (size_t n = 0; n < 3; n++) {
        bool found = false;
        for (size_t e = 0; e < annotation.entity_count; e++) {
            if (gw_str_is(annotation.entities[e].name, names[n][0])) {
                assert_str(bench_cut(&article, annotation.entities[e].mentions[0].span), names[n][1]);
                found = true;
            }
        }
        assert_true(found);
    }
    annotation = annotate_html(&article, GW_HTML_STRIPPED);
    assert_str(annotation.stripped_body, "The port of Mombasa is open, René Müller of AT&T said.");
    article.body = annotation.stripped_body;
    assert_str(bench_cut(&article, annotation.sentences[0].span),
               "The port of Mombasa is open, René Müller of AT&T said.");
    assert_str(bench_cut(&article, annotation.stripped_targets[0]), "The port of Mombasa is open");
}

static void test_datelines_in_html(void **state) {
    (void)state;
    static const char html[] =
        "<p>By <i>Maria Lindqvist</i></p><p><b>NAIROBI</b> (Reuters) &ndash; The port of Mombasa is "
        "open again after the storm, the mayor said on Monday.</p>";
    struct gw_article article = {
        .body = gw_str_from(html), .content_type = GW_STR("text/html"), .published_at_ms = INT64_MIN};
    struct gw_annotation annotation = annotate_html(&article, GW_HTML_GIVEN);
    assert_str(bench_cut(&article, annotation.byline.span), "By <i>Maria Lindqvist");
    assert_true(annotation.dateline.span.start >= (uint32_t)(strstr(html, "NAIROBI") - html));
    assert_true(annotation.dateline.span.end <= (uint32_t)(strstr(html, "The port") - html));
    assert_true(annotation.dateline.span.end > annotation.dateline.span.start);
}

static void test_names_of_characters(void **state) {
    (void)state;
    assert_int_equal(gw_html_named(GW_STR("eacute")), 0xE9);
    assert_int_equal(gw_html_named(GW_STR("Eacute")), 0xC9);
    assert_int_equal(gw_html_named(GW_STR("thetasym")), 0x3D1);
    assert_int_equal(gw_html_named(GW_STR("AElig")), 0xC6);
    assert_int_equal(gw_html_named(GW_STR("zwnj")), 0x200C);
    assert_int_equal(gw_html_named(GW_STR("")), 0);
    assert_int_equal(gw_html_named(GW_STR("eacut")), 0);
    assert_int_equal(gw_html_named(GW_STR("eacutes")), 0);
    assert_int_equal(gw_html_numbered(0x92), 0x2019);
    assert_int_equal(gw_html_numbered(0x110000), 0xFFFD);
    assert_int_equal(gw_html_numbered(0x10FFFF), 0x10FFFF);
}

static void test_memory_ends(void **state) {
    (void)state;
    for (size_t limit = 0; limit < 8192; limit += 512) {
        struct gw_arena small;
        struct gw_html html;
        gw_arena_init(&small, &gw_allocator_system, limit);
        enum gw_status status = gw_html_read(GW_STR("a<b>c &amp; d"), &small, &html);
        assert_true(status == GW_OK || status == GW_NO_MEMORY);
        assert_true(limit > 0 || status == GW_NO_MEMORY);
        gw_arena_free(&small);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_visible),
        cmocka_unit_test(test_spans_go_back_to_what_was_given),
        cmocka_unit_test(test_spans_of_what_was_given_in_the_text),
        cmocka_unit_test(test_hostile_html),
        cmocka_unit_test(test_cost_is_linear),
        cmocka_unit_test(test_names_are_whole_and_tags_are_none),
        cmocka_unit_test(test_datelines_in_html),
        cmocka_unit_test(test_names_of_characters),
        cmocka_unit_test(test_memory_ends),
    };
    return cmocka_run_group_tests(tests, bench_open, bench_close);
}
