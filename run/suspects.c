/* A small table with one writer. A reader that meets an entry while it changes hands sees key 0. */
#include "run/suspects.h"

#include <stddef.h>

static const uint32_t weights[GW_DEATH_COUNT] = {
    [GW_DEATH_OURS] = 0, [GW_DEATH_FATAL] = GW_SUSPECT_KILLS, [GW_DEATH_KILLED] = 1};

/* A weight beyond this means nothing more. */
#define WEIGHT_MAX (UINT32_C(2) * GW_SUSPECT_KILLS)

static enum gw_suspicion suspicion_of(uint32_t weight) {
    if (weight < GW_SUSPECT_KILLS) {
        return GW_SUSPICION_NONE;
    }
    return weight < WEIGHT_MAX ? GW_SUSPICION_ALONE : GW_SUSPICION_CRASHED;
}

static const struct gw_suspect *find(const struct gw_suspects *suspects, uint64_t key) {
    uint32_t known = atomic_load_explicit(&suspects->known, memory_order_acquire);
    for (size_t i = 0; i < known && i < GW_SUSPECTS_MAX; i++) {
        if (atomic_load_explicit(&suspects->items[i].key, memory_order_acquire) == key) {
            return &suspects->items[i];
        }
    }
    return NULL;
}

/* In the place of the oldest. */
static struct gw_suspect *enter(struct gw_suspects *suspects, uint64_t key) {
    uint32_t known = atomic_load_explicit(&suspects->known, memory_order_relaxed);
    struct gw_suspect *item = &suspects->items[known % GW_SUSPECTS_MAX];
    atomic_store_explicit(&item->key, 0, memory_order_release);
    atomic_store_explicit(&item->weight, 0, memory_order_release);
    atomic_store_explicit(&item->key, key, memory_order_release);
    atomic_store_explicit(&suspects->known, known + 1, memory_order_release);
    return item;
}

enum gw_suspicion gw_suspects_blame(struct gw_suspects *suspects, uint64_t key, enum gw_death death) {
    if (weights[death] == 0) {
        return gw_suspects_look(suspects, key);
    }
    struct gw_suspect *item = (struct gw_suspect *)find(suspects, key);
    item = item ? item : enter(suspects, key);
    uint32_t weight = atomic_load_explicit(&item->weight, memory_order_relaxed) + weights[death];
    weight = weight < WEIGHT_MAX ? weight : WEIGHT_MAX;
    atomic_store_explicit(&item->weight, weight, memory_order_release);
    return suspicion_of(weight);
}

enum gw_suspicion gw_suspects_look(const struct gw_suspects *suspects, uint64_t key) {
    const struct gw_suspect *item = find(suspects, key);
    return item ? suspicion_of(atomic_load_explicit(&item->weight, memory_order_acquire)) : GW_SUSPICION_NONE;
}
