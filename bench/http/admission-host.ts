/** Which of the apps in admission-worker.ts: `open` lets everyone in, `keyed` whoever has a key, `counted` too, and counts them. */
export type AdmissionHost = "open" | "keyed" | "counted";
