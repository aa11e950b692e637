/* Any valid UTF-8 as title and body, plain or HTML, with any budget: what check_annotation says holds, and a
 * second run gives the same. The first bytes choose: content type, what is
 * known and wanted, budget, and where the title ends. */
#include "fuzz/fuzz.h"
#include "process/annotate.h"

#define CHECK FUZZ_CHECK
#include "unit/annotation_checks.h"

static struct gw_model *model;

static void open_model(void) {
    struct gw_error error = {.status = GW_OK};
    if (!model && gw_model_open(GW_SOURCE_DIR "/models/en-news.gwm", &model, &error) != GW_OK) {
        fprintf(stderr, "%s\n", error.detail);
        abort();
    }
}

static void annotate(const struct gw_annotate_options *options, const struct gw_article *article,
                     struct gw_arena *arena, struct gw_annotation *annotation) {
    gw_arena_init(arena, &gw_allocator_system, SIZE_MAX);
    FUZZ_CHECK(gw_annotate(model, options, article, arena, annotation, NULL) == GW_OK);
    struct gw_article seen = *article;
    if (annotation->stripped_body.data) {
        seen.body = annotation->stripped_body;
        seen.targets = annotation->stripped_targets;
    }
    check_annotation(&seen, annotation);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    enum { CHOICES = 4 };
    open_model();
    if (size < CHOICES) {
        return 0;
    }
    struct gw_str text = {(const char *)data + CHOICES, size - CHOICES};
    text.size = gw_utf8_valid_prefix(text);
    size_t cut = gw_utf8_floor(text, data[2] < text.size ? data[2] : text.size);
    struct gw_span target = {(uint32_t)(text.size - cut) / 2, (uint32_t)(text.size - cut), GW_FIELD_BODY};
    struct gw_article article = {.title = gw_str_sub(text, 0, cut), .body = gw_str_sub(text, cut, text.size)};
    article.content_type = data[0] & 1 ? GW_STR("text/html") : (struct gw_str){NULL, 0};
    article.published_at_ms = data[0] & 8 ? INT64_C(1692100000000) : INT64_MIN;
    article.targets = &target;
    article.target_count = data[0] & 2 ? 1 : 0;
    struct gw_annotate_options options = {.limits = &gw_limits_default,
                                          .markers = data[0] & 4 ? GW_MARKERS_FULL : GW_MARKERS_MAIN,
                                          .budget =
                                              data[1] ? data[1] * UINT64_C(160) : GW_ANNOTATE_BUDGET_DEFAULT};
    options.html_offsets = data[0] & 16 ? GW_HTML_STRIPPED : GW_HTML_GIVEN;
    options.other_languages = data[0] & 32 ? GW_OTHER_LANGUAGES_ANNOTATE : GW_OTHER_LANGUAGES_SKIP;
    struct gw_arena first, second;
    struct gw_annotation annotation, again;
    annotate(&options, &article, &first, &annotation);
    annotate(&options, &article, &second, &again);
    FUZZ_CHECK(annotation.sentiment.score == again.sentiment.score && annotation.simhash == again.simhash);
    FUZZ_CHECK(annotation.entity_count == again.entity_count &&
               annotation.marker_count == again.marker_count);
    FUZZ_CHECK(annotation.flags == again.flags);
    gw_arena_free(&first);
    gw_arena_free(&second);
    return 0;
}
