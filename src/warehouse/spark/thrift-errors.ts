/** What goes wrong on the way to the server; apart from the client, so that who only knows the errors does not load the driver. */

/** The server could not be reached, or the connection broke off: whether the statement was carried out is not known. */
export class ThriftLostError extends Error {}

/** The server is not known to be the one that is meant, or only one side speaks TLS: nothing was sent. */
export class ThriftUnsafeError extends Error {}

/** The server does not let this user in. */
export class ThriftRefusedError extends Error {}

/** The server has carried nothing out, and says why. */
export class StatementError extends Error {}
