/* The portable kernel, and the choice of the other. */
#define GW_LATTICE_KERNEL gw_lattice_portable
#include "process/entities/tagger/lattice_loops.h"

/* Far below what rows can add up to, and far above what would overflow when two are added. */
#define FORBIDDEN (-(1 << 28))

#if defined(__x86_64__)
extern const struct gw_lattice_kernel gw_lattice_avx2;
#endif

const struct gw_lattice_kernel *gw_lattice_fast(void) {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx2") ? &gw_lattice_avx2 : NULL;
#else
    return NULL;
#endif
}

void gw_lattice_init(struct gw_lattice *lattice, const struct gw_lattice_kernel *kernel,
                     const struct gw_tag_row *transitions) {
    lattice->kernel = kernel;
    for (int j = 0; j < GW_TAG_ROW; j++) {
        for (int k = 0; k < GW_TAG_ROW; k++) {
            int32_t weight = transitions[j].weight[k];
            weight =
                weight <= GW_TAG_FORBIDDEN || j >= GW_TAG_COUNT || k >= GW_TAG_COUNT ? FORBIDDEN : weight;
            lattice->forward[j].of[k] = weight;
            lattice->backward[k].of[j] = weight;
        }
    }
}
