/** Fetches the bytes of a kernel, as browsers must. Rejects when the answer is not a success. */
export async function readKernel(url: URL): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.href} answered ${response.status}`);
  return response.arrayBuffer();
}
