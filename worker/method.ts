/** The methods of HTTP that routes have; GET stands for HEAD too. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
