/**
 * Loaded into a child before its own code: ends it when the process that started it is gone.
 *
 * The channel between the two closes however the parent ends, so that not even `kill -9` leaves a worker behind.
 */
process.channel?.unref();
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
