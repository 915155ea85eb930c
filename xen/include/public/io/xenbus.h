/* SPDX-License-Identifier: MIT */
/* States that a device's front end and back end pass through in xenstore. */
#ifndef CRATON_PUBLIC_IO_XENBUS_H
#define CRATON_PUBLIC_IO_XENBUS_H

/* Value of the key "state" in both directories of a device. */
enum xenbus_state {
    XenbusStateUnknown = 0,
    XenbusStateInitialising = 1,
    XenbusStateInitWait = 2,
    XenbusStateInitialised = 3,
    XenbusStateConnected = 4,
    XenbusStateClosing = 5,
    XenbusStateClosed = 6,
    XenbusStateReconfiguring = 7,
    XenbusStateReconfigured = 8
};
typedef enum xenbus_state XenbusState;

#endif /* CRATON_PUBLIC_IO_XENBUS_H */
