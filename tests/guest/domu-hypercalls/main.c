/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An unprivileged domain makes 120,000 hypercalls with random numbers and arguments: pointers to
 * structures full of small numbers and garbage, to nothing, to devices, to the end of the address
 * space. It may harm itself (it is made again then); the host goes on and loses no page.
 */
#include "../lib/domu.h"

const char test_title[] = "domu-hypercalls";

#define CALLS     120000u
#define MAX_LIVES 60

static void child(void)
{
    fuzz_hypercalls(0, 400);
}

void test_main(void)
{
    uint64_t before = 0, calls = 0;
    unsigned int lives;

    for (lives = 0; lives < MAX_LIVES && calls < CALLS; lives++) {
        uint64_t last = 0;
        struct domu d;

        if (lives == 1) /* whatever is set up once */
            before = free_pages();
        domu_create(&d, 1);
        d.mailbox[511] = 1000 * lives + 7; /* the seed */
        domu_start(&d, 0, child);
        domu_unpause(&d);
        /* A life ends by its own deed, by falling asleep for ever, or by its age. */
        while (calls + last < CALLS && last < CALLS / 4 && domu_wait(&d, 0, last + 1000, 2))
            last = d.mailbox[0];
        last = d.mailbox[0];
        print("life %u: %lu calls, last %lu(%lu), reason %d\n", lives, last, d.mailbox[1],
              d.mailbox[2], domu_shutdown_reason(&d));
        calls += last;
        domu_destroy(&d);
    }
    EXPECT(free_pages() == before, "%ld pages lost", (long)(before - free_pages()));
    if (calls < CALLS)
        failure("only %lu calls in %u lives", calls, lives);
}
