/* Two tables with open addressing: positions, and the places that they share. */
#include "cli/ledger.h"

#include "base/hash.h"

#include <stdlib.h>

struct gw_ledger_slot {
    int64_t number;
    uint32_t place;
    uint8_t facts;
    uint8_t is_used;
    uint16_t outputs; /* stays at its highest value */
};

#define FIRST_SLOTS  ((size_t)1024)
#define FIRST_PLACES ((size_t)16)

/* The index of places is this many times as large as the places. */
#define INDEX_TIMES 2

void gw_ledger_init(struct gw_ledger *ledger, const struct gw_allocator *allocator) {
    *ledger = (struct gw_ledger){.allocator = *allocator};
    gw_arena_init(&ledger->names, allocator, SIZE_MAX);
}

static void release(const struct gw_ledger *ledger, void *memory, size_t size) {
    if (memory) {
        ledger->allocator.release(ledger->allocator.context, memory, size);
    }
}

static void *allocate_zeroed(const struct gw_ledger *ledger, size_t size) {
    void *memory = ledger->allocator.allocate(ledger->allocator.context, size);
    return memory ? memset(memory, 0, size) : NULL;
}

void gw_ledger_free(struct gw_ledger *ledger) {
    release(ledger, ledger->slots, ledger->slot_count * sizeof *ledger->slots);
    release(ledger, ledger->places, ledger->place_capacity * sizeof *ledger->places);
    release(ledger, ledger->place_index, ledger->place_capacity * INDEX_TIMES * sizeof *ledger->place_index);
    gw_arena_free(&ledger->names);
    gw_ledger_init(ledger, &ledger->allocator);
}

static bool same_place(const struct gw_position *a, const struct gw_position *b) {
    return a->kind == b->kind && a->partition == b->partition && gw_str_eq(a->name, b->name);
}

static uint64_t mix(uint64_t value) {
    return gw_hash64((struct gw_str){(const char *)&value, sizeof value});
}

static uint64_t hash_place(const struct gw_position *position) {
    return mix(gw_hash64(position->name) + (uint64_t)position->partition * 8 + (uint64_t)position->kind);
}

/* Where in the index the place is, or the empty entry where it belongs. */
static uint32_t *find_place(const struct gw_ledger *ledger, const struct gw_position *position) {
    size_t mask = ledger->place_capacity * INDEX_TIMES - 1;
    size_t at = hash_place(position) & mask;
    while (ledger->place_index[at] && !same_place(&ledger->places[ledger->place_index[at] - 1], position)) {
        at = (at + 1) & mask;
    }
    return &ledger->place_index[at];
}

static enum gw_status grow_places(struct gw_ledger *ledger) {
    size_t capacity = ledger->place_capacity ? ledger->place_capacity * 2 : FIRST_PLACES;
    struct gw_ledger grown = *ledger;
    grown.place_capacity = capacity;
    grown.places = allocate_zeroed(ledger, capacity * sizeof *grown.places);
    grown.place_index = allocate_zeroed(ledger, capacity * INDEX_TIMES * sizeof *grown.place_index);
    if (!grown.places || !grown.place_index) {
        release(ledger, grown.places, capacity * sizeof *grown.places);
        release(ledger, grown.place_index, capacity * INDEX_TIMES * sizeof *grown.place_index);
        return GW_NO_MEMORY;
    }
    for (size_t i = 0; i < ledger->place_count; i++) {
        grown.places[i] = ledger->places[i];
        *find_place(&grown, &grown.places[i]) = (uint32_t)i + 1;
    }
    release(ledger, ledger->places, ledger->place_capacity * sizeof *ledger->places);
    release(ledger, ledger->place_index, ledger->place_capacity * INDEX_TIMES * sizeof *ledger->place_index);
    *ledger = grown;
    return GW_OK;
}

/* The place's number; it is added when it is new. */
static enum gw_status place_of(struct gw_ledger *ledger, const struct gw_position *position,
                               uint32_t *place) {
    if (ledger->place_count == ledger->place_capacity && grow_places(ledger) != GW_OK) {
        return GW_NO_MEMORY;
    }
    uint32_t *entry = find_place(ledger, position);
    if (*entry == 0) {
        struct gw_str name = gw_arena_copy(&ledger->names, position->name);
        if (!name.data) {
            return GW_NO_MEMORY;
        }
        struct gw_position *added = &ledger->places[ledger->place_count++];
        *added = *position;
        added->name = name;
        *entry = (uint32_t)ledger->place_count;
    }
    *place = *entry - 1;
    return GW_OK;
}

static struct gw_ledger_slot *find_slot(const struct gw_ledger *ledger, uint32_t place, int64_t number) {
    size_t mask = ledger->slot_count - 1;
    size_t at = mix((uint64_t)number + ((uint64_t)place << 40)) & mask;
    while (ledger->slots[at].is_used &&
           (ledger->slots[at].number != number || ledger->slots[at].place != place)) {
        at = (at + 1) & mask;
    }
    return &ledger->slots[at];
}

static enum gw_status grow_slots(struct gw_ledger *ledger) {
    struct gw_ledger grown = *ledger;
    grown.slot_count = ledger->slot_count ? ledger->slot_count * 2 : FIRST_SLOTS;
    grown.slots = allocate_zeroed(ledger, grown.slot_count * sizeof *grown.slots);
    if (!grown.slots) {
        return GW_NO_MEMORY;
    }
    for (size_t i = 0; i < ledger->slot_count; i++) {
        const struct gw_ledger_slot *slot = &ledger->slots[i];
        if (slot->is_used) {
            *find_slot(&grown, slot->place, slot->number) = *slot;
        }
    }
    release(ledger, ledger->slots, ledger->slot_count * sizeof *ledger->slots);
    *ledger = grown;
    return GW_OK;
}

enum gw_status gw_ledger_enter(struct gw_ledger *ledger, const struct gw_position *position,
                               enum gw_ledger_fact fact) {
    uint32_t place;
    if (ledger->used * 4 >= ledger->slot_count * 3 && grow_slots(ledger) != GW_OK) {
        return GW_NO_MEMORY;
    }
    if (place_of(ledger, position, &place) != GW_OK) {
        return GW_NO_MEMORY;
    }
    struct gw_ledger_slot *slot = find_slot(ledger, place, position->number);
    ledger->used += !slot->is_used;
    slot->is_used = 1;
    slot->place = place;
    slot->number = position->number;
    slot->facts = (uint8_t)(slot->facts | fact);
    bool counts = fact != GW_LEDGER_INPUT && slot->outputs < UINT16_MAX;
    slot->outputs = (uint16_t)(slot->outputs + counts);
    return GW_OK;
}

unsigned gw_ledger_facts(const struct gw_ledger *ledger, const struct gw_position *position) {
    uint32_t entry = ledger->place_count > 0 ? *find_place(ledger, position) : 0;
    return entry > 0 ? find_slot(ledger, entry - 1, position->number)->facts : 0;
}

static bool is_conflicting(unsigned outcomes) {
    return (outcomes & (outcomes - 1)) != 0;
}

static void add_slot(const struct gw_ledger_slot *slot, struct gw_ledger_sum *sum) {
    unsigned outcomes = slot->facts & GW_LEDGER_OUTPUTS;
    if (!(slot->facts & GW_LEDGER_INPUT)) {
        sum->foreign++;
        return;
    }
    sum->in++;
    sum->records += (outcomes & GW_LEDGER_RECORD) != 0;
    sum->dead_letters += (outcomes & GW_LEDGER_DEAD_LETTER) != 0;
    sum->skipped += (outcomes & GW_LEDGER_SKIPPED) != 0;
    sum->missing += outcomes == 0;
    sum->conflicting += is_conflicting(outcomes);
    sum->redelivered += slot->outputs > 1 ? slot->outputs - 1u : 0;
}

void gw_ledger_add_up(const struct gw_ledger *ledger, struct gw_ledger_sum *sum) {
    *sum = (struct gw_ledger_sum){0};
    for (size_t i = 0; i < ledger->slot_count; i++) {
        if (ledger->slots[i].is_used) {
            add_slot(&ledger->slots[i], sum);
        }
    }
}

static bool is_of_kind(const struct gw_ledger_slot *slot, enum gw_ledger_kind kind) {
    bool is_input = slot->facts & GW_LEDGER_INPUT;
    unsigned outcomes = slot->facts & GW_LEDGER_OUTPUTS;
    const bool answers[] = {
        [GW_LEDGER_MISSING] = is_input && outcomes == 0,
        [GW_LEDGER_CONFLICTING] = is_input && is_conflicting(outcomes),
        [GW_LEDGER_FOREIGN] = !is_input,
        [GW_LEDGER_REPEATED] = is_input && slot->outputs > 1,
    };
    return slot->is_used && answers[kind];
}

static int compare_names(struct gw_str a, struct gw_str b) {
    int order = memcmp(a.data, b.data, a.size < b.size ? a.size : b.size);
    return order ? order : (a.size > b.size) - (a.size < b.size);
}

static int compare(const void *left, const void *right) {
    const struct gw_position *a = left, *b = right;
    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    int order = compare_names(a->name, b->name);
    if (order == 0 && a->partition != b->partition) {
        order = a->partition < b->partition ? -1 : 1;
    }
    return order ? order : (a->number > b->number) - (a->number < b->number);
}

enum gw_status gw_ledger_list(const struct gw_ledger *ledger, enum gw_ledger_kind kind, size_t most,
                              struct gw_arena *arena, struct gw_position **out, size_t *count) {
    size_t found = 0;
    for (size_t i = 0; i < ledger->slot_count; i++) {
        found += is_of_kind(&ledger->slots[i], kind);
    }
    struct gw_position *positions = gw_arena_take_zeroed(arena, found, sizeof *positions);
    if (!positions) {
        return GW_NO_MEMORY;
    }
    *count = 0;
    for (size_t i = 0; i < ledger->slot_count; i++) {
        const struct gw_ledger_slot *slot = &ledger->slots[i];
        if (is_of_kind(slot, kind)) {
            positions[*count] = ledger->places[slot->place];
            positions[(*count)++].number = slot->number;
        }
    }
    qsort(positions, found, sizeof *positions, compare);
    *count = found < most ? found : most;
    *out = positions;
    return GW_OK;
}
