/* Files of names: any bytes compile or are refused with mistakes that can be shown; what compiles opens, and
 * an altered block is refused or safe to use. The first byte says which byte is altered. */
#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "process/annotate.h"
#include "process/entities/links/user_gazetteer.h"
#include "process/entities/links/user_gazetteer_compile.h"

static struct gw_model *model;

static void open_model(void) {
    if (!model && gw_model_open(GW_SOURCE_DIR "/models/en-news.gwm", &model, NULL) != GW_OK) {
        fprintf(stderr, "no model\n");
        abort();
    }
}

static void annotate(const struct gw_user_gazetteer *gazetteer, struct gw_str text) {
    const struct gw_annotate_options options = {
        .limits = &gw_limits_default, .gazetteer = gazetteer, .budget = GW_ANNOTATE_BUDGET_DEFAULT};
    const struct gw_article article = {.title = GW_STR("Oslo"),
                                       .body = gw_str_sub(text, 0, gw_utf8_valid_prefix(text))};
    struct gw_arena arena;
    struct gw_annotation annotation;
    gw_arena_init(&arena, &gw_allocator_system, SIZE_MAX);
    FUZZ_CHECK(gw_annotate(model, &options, &article, &arena, &annotation, NULL) == GW_OK);
    for (size_t e = 0; e < annotation.entity_count; e++) {
        FUZZ_CHECK(annotation.entities[e].mention_count > 0);
    }
    gw_arena_free(&arena);
}

/* A block whose hash fits, though its content is not what the compiler makes. */
static void alter(struct gw_buffer *block, size_t at) {
    struct gw_user_header *header = (void *)block->data;
    block->data[sizeof *header + at % (block->size - sizeof *header)] ^= 0x11;
    struct gw_hash128 hash = gw_hash128(gw_str_sub(gw_buffer_str(block), sizeof *header, block->size));
    header->hash_low = hash.low;
    header->hash_high = hash.high;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    open_model();
    if (size < 2) {
        return 0;
    }
    struct gw_str text = {(const char *)data + 2, size - 2};
    const struct gw_user_source source = {"names.tsv", GW_STR("names"), text};
    struct gw_buffer block, complaints;
    struct gw_user_gazetteer gazetteer;
    gw_buffer_init(&block, &gw_allocator_system, SIZE_MAX);
    gw_buffer_init(&complaints, &gw_allocator_system, SIZE_MAX);
    enum gw_status status = gw_user_gazetteer_compile(&source, 1, model, &block, &complaints, NULL);
    FUZZ_CHECK(status == GW_OK || status == GW_BAD_CONFIG);
    FUZZ_CHECK((status == GW_BAD_CONFIG) == (complaints.size > 0));
    if (status == GW_OK) {
        FUZZ_CHECK(gw_user_gazetteer_open(gw_buffer_str(&block), model, &gazetteer, NULL) == GW_OK);
        annotate(&gazetteer, text);
        alter(&block, (size_t)data[0] << 8 | data[1]);
        if (gw_user_gazetteer_open(gw_buffer_str(&block), model, &gazetteer, NULL) == GW_OK) {
            annotate(&gazetteer, text);
        }
    }
    gw_buffer_free(&block);
    gw_buffer_free(&complaints);
    return 0;
}
