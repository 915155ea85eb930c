/* SPDX-License-Identifier: GPL-2.0-only */
/* A domain whose two vCPUs are both busy with random hypercalls is destroyed, 40 times: no page is
 * lost. */
#include "../lib/domu.h"

const char test_title[] = "domu-smp-destroy";

#define LIVES 40

static void first(void)
{
    fuzz_hypercalls(0, 1000000);
}

static void second(void)
{
    fuzz_hypercalls(1, 1000000);
}

void test_main(void)
{
    uint64_t before = 0, calls = 0;

    for (unsigned int i = 0; i < LIVES; i++) {
        struct domu d;

        if (i == 1)
            before = free_pages();
        domu_create(&d, 2);
        d.mailbox[511] = 77 * i + 3;
        domu_start(&d, 0, first);
        domu_start(&d, 1, second);
        domu_unpause(&d);
        domu_wait(&d, 8 * (i & 1), 50 + 10 * i, 1);
        calls += d.mailbox[0] + d.mailbox[8];
        domu_destroy(&d);
    }
    print("%lu calls\n", calls);
    EXPECT(free_pages() == before, "%ld pages lost", (long)(before - free_pages()));
    EXPECT(calls > LIVES * 50, "only %lu calls", calls);
}
