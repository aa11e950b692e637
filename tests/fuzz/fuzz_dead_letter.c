/* Dead letters out of any bytes: what is read goes out in both forms and comes back the same. */
#include "fuzz/fuzz.h"
#include "schemas/dead_letter.h"

static void check_bytes(struct gw_str a, struct gw_str b) {
    FUZZ_CHECK(!a.data == !b.data);
    FUZZ_CHECK(gw_str_eq(a, b));
}

static void check_same(const struct gw_dead_letter *a, const struct gw_dead_letter *b) {
    FUZZ_CHECK(a->reason == b->reason);
    FUZZ_CHECK(a->cut == b->cut);
    check_bytes(a->position, b->position);
    check_bytes(a->payload, b->payload);
    check_bytes(a->key, b->key);
    FUZZ_CHECK(a->headers.count == b->headers.count);
    for (size_t i = 0; i < a->headers.count; i++) {
        check_bytes(a->headers.items[i].name, b->headers.items[i].name);
        check_bytes(a->headers.items[i].value, b->headers.items[i].value);
    }
}

static void check_form(struct gw_dead_letter letter, enum gw_encoding encoding, struct gw_arena *arena) {
    struct gw_dead_letter back;
    struct gw_error error;
    struct gw_buffer buffer;
    letter.stage = GW_STAGE_DECODE;
    gw_buffer_init(&buffer, &gw_allocator_system, SIZE_MAX);
    FUZZ_CHECK(gw_dead_letter_encode(&letter, encoding, &buffer, &error) == GW_OK);
    FUZZ_CHECK(gw_dead_letter_decode(gw_buffer_str(&buffer), arena, &back, &error) == GW_OK);
    check_same(&letter, &back);
    gw_buffer_free(&buffer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct gw_dead_letter letter;
    struct gw_error error;
    struct gw_arena arena;
    gw_arena_init(&arena, &gw_allocator_system, SIZE_MAX);
    enum gw_status status =
        gw_dead_letter_decode((struct gw_str){(const char *)data, size}, &arena, &letter, &error);
    FUZZ_CHECK(status == GW_OK || gw_status_fault(status) == GW_FAULT_INPUT);
    if (status == GW_OK && letter.reason < GW_STATUS_COUNT) {
        check_form(letter, GW_ENCODING_MSGPACK, &arena);
        check_form(letter, GW_ENCODING_JSON, &arena);
    }
    gw_arena_free(&arena);
    return 0;
}
