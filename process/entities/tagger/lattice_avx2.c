/* Compiled with -mavx2, and called only where the processor has it. */
#define GW_LATTICE_KERNEL gw_lattice_avx2

#include "process/entities/tagger/lattice_loops.h"
