/** Finds out whether a port can be listened on, before wrangler fails with a page of text. */
import { createServer } from "node:net";
import { NearvecError } from "../../shared/errors.ts";

export const localHost = "127.0.0.1";

/**
 * @param port 0 finds any free one.
 * @returns The port, which is free at this moment.
 * @throws NearvecError `invalid_request` if something listens on it.
 */
export async function claimPort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const reason = cause.code === "EADDRINUSE" ? "another program listens there" : cause.message;
      reject(
        new NearvecError(
          "invalid_request",
          `Expected port ${port} to be free, but ${reason}. Stop that program, or take another port: npm start -- --port ${port + 1}`,
          { param: "port", cause },
        ),
      );
    });
    server.listen({ port, host: localHost, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : port));
    });
  });
}
