import {expect, test} from "vitest";
import {attempt, fail, failArgument, LibvirtFailure} from "../../../src/domain/libvirt/error.ts";
import {errorOf} from "./fixture.ts";

test("a message begins with its code's text", () => {
  const prefixes = {
    VIR_ERR_INTERNAL_ERROR: "internal error: ",
    VIR_ERR_NO_SUPPORT: "this function is not supported by the connection driver: ",
    VIR_ERR_INVALID_ARG: "invalid argument: ",
    VIR_ERR_XML_ERROR: "XML error: ",
    VIR_ERR_OPERATION_DENIED: "operation forbidden: ",
    VIR_ERR_XML_DETAIL: "",
    VIR_ERR_NO_DOMAIN: "Domain not found: ",
    VIR_ERR_OPERATION_INVALID: "Requested operation is not valid: ",
    VIR_ERR_CONFIG_UNSUPPORTED: "unsupported configuration: ",
    VIR_ERR_ARGUMENT_UNSUPPORTED: "argument unsupported: ",
    VIR_ERR_OVERFLOW: "numerical overflow: ",
    VIR_ERR_OPERATION_UNSUPPORTED: "Operation not supported: ",
    VIR_ERR_XML_INVALID_SCHEMA: "XML document failed to validate against schema: "
  } as const;
  for (const [code, prefix] of Object.entries(prefixes)) expect(errorOf(() => fail(code as keyof typeof prefixes, "x"))).toEqual([code, `${prefix}x`]);
});

test("argument checks speak without it", () => {
  expect(errorOf(() => failArgument("memory must not be zero"))).toEqual(["VIR_ERR_INVALID_ARG", "memory must not be zero"]);
});

test("an outcome holds the value or the error; other exceptions pass", () => {
  expect(attempt(() => 5)).toEqual({ok: true, value: 5});
  expect(attempt(() => fail("VIR_ERR_OVERFLOW", "y"))).toEqual({ok: false, error: {code: "VIR_ERR_OVERFLOW", message: "numerical overflow: y"}});
  expect(() =>
    attempt(() => {
      throw new RangeError("bug");
    })
  ).toThrow(RangeError);
  expect(new LibvirtFailure("VIR_ERR_OVERFLOW", "z").name).toBe("LibvirtFailure");
});
