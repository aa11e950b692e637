/* HTML of any valid UTF-8: its text is valid, runs rise, and what is cut from the text comes back from where
 * it was. */
#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "process/text/html.h"

static void check_runs(const struct gw_html *html, size_t size) {
    for (uint32_t i = 0; i < html->run_count; i++) {
        const struct gw_html_run *run = &html->runs[i];
        FUZZ_CHECK(run->html_size > 0 && run->html + run->html_size <= size);
        FUZZ_CHECK(i == 0 || (run[-1].text < run->text && run[-1].html + run[-1].html_size <= run->html));
    }
}

static void check_span(const struct gw_html *html, uint32_t start, uint32_t end) {
    struct gw_span there = gw_html_to_given(html, (struct gw_span){start, end, GW_FIELD_BODY});
    FUZZ_CHECK(there.start < there.end);
    struct gw_span back = gw_html_to_text(html, there);
    FUZZ_CHECK(back.start <= start && back.end >= end && back.end <= html->text.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct gw_str given = {(const char *)data, size};
    struct gw_arena arena;
    struct gw_html html;
    given.size = gw_utf8_valid_prefix(given);
    gw_arena_init(&arena, &gw_allocator_system, SIZE_MAX);
    FUZZ_CHECK(gw_html_read(given, &arena, &html) == GW_OK);
    FUZZ_CHECK(html.text.size <= given.size && gw_utf8_is_valid(html.text));
    check_runs(&html, given.size);
    for (uint32_t at = 0; at < html.text.size; at++) {
        uint32_t end = at + 1 + (uint32_t)(at % 7);
        check_span(&html, at, end < html.text.size ? end : (uint32_t)html.text.size);
    }
    gw_arena_free(&arena);
    return 0;
}
