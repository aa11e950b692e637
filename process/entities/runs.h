/* Runs: capitalised words and what links them, from which names are cut. */
#ifndef GW_PROCESS_ENTITIES_RUNS_H
#define GW_PROCESS_ENTITIES_RUNS_H

#include "process/entities/scene.h"

/* Longer runs are no names: lists and headings in capitals. */
#define GW_RUN_TOKENS_MAX 24U

/* The last token of the run of name words that begins at `start`. */
uint32_t gw_run_end(const struct gw_scene *scene, uint32_t start);

#endif
