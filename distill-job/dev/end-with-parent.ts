/**
 * Loaded into a child before its own code: ends it when the process that started it is gone.
 *
 * The channel between the two closes however the parent ends, so that not even `kill -9` leaves a worker behind.
 */
const end = () => process.kill(process.pid, "SIGTERM");
const disconnect = process.disconnect?.bind(process);
process.channel?.unref();
process.once("disconnect", end);
// wrangler closes the channel itself when it is done, and then ends with the right exit code.
process.disconnect = () => {
  process.off("disconnect", end);
  disconnect?.();
};
