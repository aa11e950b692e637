/* What readers see of an annotated article, in the terminal and in a browser. */
#include "cli/show_html.h"
#include "cli/show_text.h"

#include "unit/failing_allocator.h"
#include "unit/unit.h"

static struct gw_mention lima = {.span = {13, 17, GW_FIELD_BODY}};
static struct gw_link peru = {.scheme = {"iso3166-1", 9}, .id = {"PE", 2}};
static struct gw_entity entities[] = {{.type = GW_LOC,
                                       .name = {"Lima", 4},
                                       .links = &peru,
                                       .link_count = 1,
                                       .mentions = &lima,
                                       .mention_count = 1,
                                       .sentiment = {.score = 3300}}};
static struct gw_marker markers[] = {{.kind = GW_MARKER_PRAISE,
                                      .span = {18, 25, GW_FIELD_BODY},
                                      .weight = 8000,
                                      .modifies = GW_NO_INDEX,
                                      .target = 0,
                                      .quote = GW_NO_INDEX}};
static struct gw_sentence sentences[] = {{.span = {0, 30, GW_FIELD_BODY}, .score = 5000}};

#define BODY "Ministers in Lima praised him.\n\nMore & <more>\x1b[31m"

static struct gw_article article = {.id = {"a\x1b<1>", 5},
                                    .title = {"On \"peace\"", 10},
                                    .body = {BODY, sizeof BODY - 1},
                                    .published_at_ms = INT64_MIN};
static struct gw_annotation annotation = {
    .language = {"en", 2},
    .sentences = sentences,
    .sentence_count = 1,
    .entities = entities,
    .entity_count = 1,
    .markers = markers,
    .marker_count = 1,
    .sentiment = {.score = 5000, .label = GW_POSITIVE, .confidence = 7700}};

static char *show(bool html, const struct gw_terminal *terminal, const struct gw_article *shown) {
    struct gw_record record = {NULL, shown, &annotation};
    struct gw_arena arena;
    struct gw_buffer out;
    gw_arena_init(&arena, &gw_allocator_system, SIZE_MAX);
    gw_buffer_init(&out, &gw_allocator_system, SIZE_MAX);
    assert_int_equal(
        html ? gw_show_html(&record, &arena, &out) : gw_show_text(&record, terminal, &arena, &out), GW_OK);
    gw_buffer_append_byte(&out, '\0');
    gw_arena_free(&arena);
    return (char *)out.data;
}

static void expect_part(const char *text, const char *part) {
    if (!strstr(text, part)) {
        fail_msg("'%s' is not in:\n%s", part, text);
    }
}

static void plain_text_has_brackets_and_no_escapes(void **state) {
    (void)state;
    struct gw_terminal terminal = {.columns = 80};
    char *text = show(false, &terminal, &article);
    expect_part(text, "── a␛<1> ──");
    expect_part(text, " +0.50    │█▌   Ministers in [Lima LOC] {praised +0.80} him.\n");
    expect_part(text, "More & <more>␛[31m\n");
    expect_part(text, "the whole: positive, confidence 77 %");
    expect_part(text, "LOC      Lima ");
    expect_part(text, "iso3166-1:PE");
    expect_part(text, "  praise     praised → Lima\n");
    assert_null(strchr(text, '\x1b'));
    free(text);
}

static void color_is_closed_at_each_word(void **state) {
    (void)state;
    struct gw_terminal terminal = {.columns = 80, .color = true};
    char *text = show(false, &terminal, &article);
    expect_part(text, "in \x1b[1;34mLima\x1b[0m \x1b[4;32mpraised\x1b[0m him.");
    assert_null(strstr(text, "\x1b[31m\n"));
    free(text);
}

static size_t widest_line(const char *text) {
    size_t widest = 0;
    while (*text) {
        size_t size = strcspn(text, "\n");
        size_t width = gw_terminal_text_width((struct gw_str){text, size});
        widest = width > widest ? width : widest;
        text += size + (text[size] == '\n');
    }
    return widest;
}

static void lines_are_no_wider_than_the_terminal(void **state) {
    (void)state;
    char body[401];
    for (size_t i = 0; i < sizeof body - 1; i++) {
        body[i] = i < 200 && i % 7 == 6 ? ' ' : 'x'; /* words, then one that no line holds */
    }
    body[sizeof body - 1] = '\0';
    struct gw_article wide = article;
    wide.body = gw_str_from(body);
    struct gw_terminal terminal = {.columns = 60};
    char *text = show(false, &terminal, &wide);
    assert_int_equal(widest_line(text), 60);
    free(text);
}

static void html_is_escaped_and_marked(void **state) {
    (void)state;
    char *html = show(true, NULL, &article);
    expect_part(html, "<article lang=\"en\">");
    expect_part(html, "<h2 class=\"text\">On &quot;peace&quot;</h2>");
    expect_part(html, "a\xef\xbf\xbd&lt;1&gt;");
    expect_part(
        html,
        "Ministers in <mark class=\"LOC\" data-at=\"13\" title=\"LOC: Lima · iso3166-1:PE\">Lima</mark> "
        "<mark class=\"good\" data-at=\"18\" data-to=\"13\" tabindex=\"0\" title=\"praise +0.80, about "
        "Lima\">praised</mark> him.");
    expect_part(html, "More &amp; &lt;more&gt;\xef\xbf\xbd[31m");
    free(html);
}

static void tags_of_an_article_are_not_shown(void **state) {
    (void)state;
    struct gw_terminal terminal = {.columns = 80};
    struct gw_article marked_up = article;
    marked_up.content_type = GW_STR("text/html");
    marked_up.body =
        GW_STR("<p>Caf&eacute;&#33; <b>bo</b>ld<script>alert('&amp;')</script></p><p>&bogus;&#x41;");
    struct gw_annotation before = annotation;
    annotation.sentence_count = annotation.entity_count = annotation.marker_count = 0;
    char *text = show(false, &terminal, &marked_up);
    expect_part(text, " Café! bold ");
    assert_null(strstr(text, "alert"));
    assert_null(strstr(text, "<b>"));
    expect_part(text, "&bogus;A\n");
    annotation = before;
    free(text);
}

static void failing_allocations_are_told(void **state) {
    (void)state;
    struct gw_record record = {NULL, &article, &annotation};
    struct gw_terminal terminal = {.columns = 80, .color = true};
    bool failed = true;
    for (size_t turn = 0; failed; turn++) {
        struct failing_allocator failing = {.fail_at = turn / 2, .for_good = true};
        struct gw_allocator allocator = failing_allocator(&failing);
        struct gw_arena arena;
        struct gw_buffer out;
        gw_arena_init(&arena, &allocator, SIZE_MAX);
        gw_buffer_init(&out, &allocator, SIZE_MAX);
        enum gw_status status =
            turn % 2 ? gw_show_html(&record, &arena, &out) : gw_show_text(&record, &terminal, &arena, &out);
        assert_int_equal(status, failing.failed ? GW_NO_MEMORY : GW_OK);
        gw_buffer_free(&out);
        gw_arena_free(&arena);
        assert_int_equal(failing.in_use, 0);
        failed = failing.failed || turn % 2 == 0;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_text_has_brackets_and_no_escapes),
        cmocka_unit_test(color_is_closed_at_each_word),
        cmocka_unit_test(lines_are_no_wider_than_the_terminal),
        cmocka_unit_test(html_is_escaped_and_marked),
        cmocka_unit_test(tags_of_an_article_are_not_shown),
        cmocka_unit_test(failing_allocations_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
