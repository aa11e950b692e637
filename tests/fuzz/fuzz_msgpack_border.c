/* A value's border is the same whether its bytes come at once or in pieces, and agrees with the reader. */
#include "fuzz.h"
#include "ingest/msgpack_border.h"
#include "schemas/msgpack_reader.h"

/* Feeds `size` bytes, `step` more each time; returns the status and where the cursor came to. */
static enum gw_status feed(const uint8_t *data, size_t size, size_t step, size_t *end) {
    struct gw_msgpack_border border = gw_msgpack_border_start();
    enum gw_status status = GW_AGAIN;
    *end = 0;
    for (size_t known = step < size ? step : size; status == GW_AGAIN; known += step) {
        known = known < size ? known : size;
        struct gw_cursor cursor = gw_cursor_over(data + *end, known - *end);
        status = gw_msgpack_border_feed(&border, &cursor);
        *end += gw_cursor_position(&cursor);
        FUZZ_CHECK(*end <= known);
        FUZZ_CHECK(status != GW_AGAIN || known - *end <= 8);
        if (known == size) {
            break;
        }
    }
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) {
        return 0;
    }
    size_t whole_end, end;
    enum gw_status whole = feed(data, size, size, &whole_end);
    FUZZ_CHECK(whole == GW_OK || whole == GW_AGAIN || whole == GW_MALFORMED);
    for (size_t step = 1; step < 12; step += 5) {
        FUZZ_CHECK(feed(data, size, step, &end) == whole && end == whole_end);
    }
    /* The reader finds one value just there, whatever else it may not like about it. */
    struct gw_value value;
    struct gw_arena arena;
    gw_arena_init(&arena, &gw_allocator_system, SIZE_MAX);
    if (whole == GW_OK) {
        struct gw_str first = {(const char *)data, whole_end};
        enum gw_status status = gw_msgpack_read(first, &gw_limits_default, &arena, &value, NULL);
        FUZZ_CHECK(status != GW_TRUNCATED && status != GW_TRAILING_BYTES && status != GW_MALFORMED);
    } else {
        struct gw_str all = {(const char *)data, size};
        FUZZ_CHECK(gw_msgpack_read(all, &gw_limits_default, &arena, &value, NULL) != GW_OK);
    }
    gw_arena_free(&arena);
    return 0;
}
