/**
 * Loaded into a child before its own code: ends it when the process that started it is gone.
 *
 * The channel between the two closes however the parent ends, so that not even `kill -9` leaves a worker behind.
 */
const parent = process.ppid;

/** A child has another parent within a moment of its own one's end. */
const checkMilliseconds = 50;

process.channel?.unref();
process.once("disconnect", () => {
  // wrangler closes the channel itself when it is done; then the parent is there, and the exit code has to be right.
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, "SIGTERM");
  }, checkMilliseconds).unref();
});
