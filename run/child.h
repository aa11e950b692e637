/* What a supervisor hands its children, and their side of it: the internal command `glosswire child`. */
#ifndef GW_RUN_CHILD_H
#define GW_RUN_CHILD_H

/* Descriptors that a child finds open. */
enum gw_child_fd {
    GW_CHILD_CONFIG_FD = 3, /* the configuration's text as the supervisor checked it */
    GW_CHILD_COUNTERS_FD,   /* struct gw_counters; the admin server may only read it */
    GW_CHILD_LIFELINE_FD,   /* a pipe's read end that closes when the supervisor dies */
    GW_CHILD_GAZETTEER_FD,  /* the compiled gazetteers; may be empty */
    GW_CHILD_MODEL_FD,      /* the model's file */
    GW_CHILD_FD_END
};

/* `glosswire child hub DIRECTORY`, `glosswire child admin DIRECTORY` and `glosswire child worker DIRECTORY
 * SLOT`; DIRECTORY is where relative paths of the configuration start. Never for people: says so when its
 * descriptors are not there. Returns the exit code. */
int gw_child_main(int argc, char **argv);

#endif
