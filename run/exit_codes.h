/* How glosswire's processes end: the program's exit codes, and what a supervisor makes of its children's. */
#ifndef GW_RUN_EXIT_CODES_H
#define GW_RUN_EXIT_CODES_H

/* name, code, what it means. GW_EXIT_CANNOT_START of a child stops the whole instance: starting it again
 * cannot help. */
#define GW_EXIT_TABLE(X)                                                                                     \
    X(GW_EXIT_DONE, 0, "all was done")                                                                       \
    X(GW_EXIT_PARTLY, 1, "some of the input was bad or not delivered, or `check` or `audit` found mistakes") \
    X(GW_EXIT_USAGE, 2, "the command line is wrong")                                                         \
    X(GW_EXIT_CANNOT_START, 3, "the configuration, the model or a file that was named cannot be used")       \
    X(GW_EXIT_PEER, 4, "a broker or a peer could not be reached or did not answer in time")                  \
    X(GW_EXIT_SYSTEM, 5, "the system failed: no memory, a full disk, or a defect of glosswire")

enum gw_exit {
#define GW_EXIT_ENUM(name, number, meaning) name = (number),
    GW_EXIT_TABLE(GW_EXIT_ENUM)
#undef GW_EXIT_ENUM
};

#endif
