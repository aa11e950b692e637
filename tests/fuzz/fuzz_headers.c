/* Header maps and positions out of any bytes: what is taken goes out and comes back the same. */
#include "fuzz/fuzz.h"
#include "schemas/headers.h"
#include "schemas/position.h"

static void check_same(struct gw_headers a, struct gw_headers b) {
    FUZZ_CHECK(a.count == b.count);
    for (size_t i = 0; i < a.count; i++) {
        FUZZ_CHECK(gw_str_eq(a.items[i].name, b.items[i].name));
        FUZZ_CHECK(gw_str_eq(a.items[i].value, b.items[i].value));
        FUZZ_CHECK(!a.items[i].value.data == !b.items[i].value.data);
    }
}

/* Ours come first and all of them; of the others, none that ours replace. */
static void check_built(struct gw_headers incoming, struct gw_arena *arena) {
    const struct gw_headers_parts parts = {.incoming = incoming,
                                           .position = GW_STR("hub:1/2"),
                                           .content_type = GW_STR("application/json"),
                                           .ce_type = GW_STR("t")};
    struct gw_headers out;
    FUZZ_CHECK(gw_headers_build(&parts, arena, &out) == GW_OK);
    FUZZ_CHECK(out.count >= 4 && out.count <= GW_HEADERS_MAX);
    FUZZ_CHECK(gw_str_is(gw_headers_find(out, GW_HEADER_POSITION)->value, "hub:1/2"));
    FUZZ_CHECK(gw_str_is(gw_headers_find(out, GW_HEADER_CONTENT_TYPE)->value, "application/json"));
    FUZZ_CHECK(!gw_headers_find(out, GW_HEADER_REASON));
}

static void check_headers(struct gw_str frame) {
    struct gw_headers headers, back;
    struct gw_error error = {.status = GW_OK};
    struct gw_arena arena;
    struct gw_buffer buffer;
    gw_arena_init(&arena, &gw_allocator_system, SIZE_MAX);
    gw_buffer_init(&buffer, &gw_allocator_system, SIZE_MAX);
    enum gw_status status = gw_headers_decode(frame, &arena, &headers, &error);
    if (status == GW_OK) {
        FUZZ_CHECK(gw_headers_encode(headers, &buffer) == GW_OK);
        FUZZ_CHECK(gw_headers_decode(gw_buffer_str(&buffer), &arena, &back, &error) == GW_OK);
        check_same(headers, back);
        check_built(headers, &arena);
    } else {
        FUZZ_CHECK(gw_status_fault(status) == GW_FAULT_INPUT && error.position <= frame.size);
    }
    gw_buffer_free(&buffer);
    gw_arena_free(&arena);
}

static void check_position(struct gw_str text) {
    struct gw_position position, back;
    char name[GW_POSITION_TEXT_MAX], back_name[GW_POSITION_TEXT_MAX], formatted[GW_POSITION_TEXT_MAX];
    if (gw_position_parse(text, &position, name) != GW_OK) {
        return;
    }
    size_t size = gw_position_format(&position, formatted);
    FUZZ_CHECK(size > 0 && size < GW_POSITION_TEXT_MAX && formatted[size] == '\0');
    FUZZ_CHECK(gw_position_parse((struct gw_str){formatted, size}, &back, back_name) == GW_OK);
    FUZZ_CHECK(back.kind == position.kind && back.number == position.number);
    FUZZ_CHECK(back.partition == position.partition);
    /* A name that is near the limit is cut. */
    FUZZ_CHECK(back.name.size <= position.name.size);
    FUZZ_CHECK(memcmp(back.name.data, position.name.data, back.name.size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct gw_str bytes = {(const char *)data, size};
    check_headers(bytes);
    check_position(bytes);
    return 0;
}
