/* Notes in shared memory. */
#include "run/note.h"

#include "base/hash.h"

static struct gw_str cut_name(struct gw_str name) {
    return gw_str_sub(name, 0, name.size < GW_POSITION_TEXT_MAX ? name.size : GW_POSITION_TEXT_MAX);
}

uint64_t gw_position_key(const struct gw_position *position) {
    const int64_t numbers[] = {(int64_t)position->kind, position->partition, position->number};
    char bytes[sizeof numbers + GW_POSITION_TEXT_MAX];
    struct gw_str name = cut_name(position->name);
    memcpy(bytes, numbers, sizeof numbers);
    if (name.size > 0) {
        memcpy(bytes + sizeof numbers, name.data, name.size);
    }
    uint64_t key = gw_hash64((struct gw_str){bytes, sizeof numbers + name.size});
    return key != 0 ? key : 1;
}

void gw_note_begin(struct gw_note *note, const struct gw_position *position) {
    struct gw_str name = cut_name(position->name);
    note->kind = position->kind;
    note->partition = position->partition;
    note->number = position->number;
    note->name_size = name.size;
    if (name.size > 0) {
        memcpy(note->name, name.data, name.size);
    }
    uint64_t turn = atomic_load_explicit(&note->turn, memory_order_relaxed);
    atomic_store_explicit(&note->turn, turn + 1, memory_order_relaxed);
    atomic_store_explicit(&note->key, gw_position_key(position), memory_order_release);
}

void gw_note_end(struct gw_note *note) {
    atomic_store_explicit(&note->key, 0, memory_order_release);
}

bool gw_note_position(const struct gw_note *note, struct gw_position *position) {
    if (atomic_load_explicit(&note->key, memory_order_acquire) == 0) {
        return false;
    }
    *position =
        (struct gw_position){note->kind, {note->name, note->name_size}, note->partition, note->number};
    return true;
}
