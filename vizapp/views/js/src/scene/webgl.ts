// The WebGL context: is there one, and is it a slow one?
import { ColorManagement, WebGLRenderer } from "three";

/** The browser cannot draw WebGL 2; everything but the 3D scene still works. */
export class WebGLMissingError extends Error {
  override name = "WebGLMissingError";
}

let software: boolean | null = null;

/** Whether the GPU is played by the processor. Throws WebGLMissingError without WebGL 2. */
export function isSoftware(): boolean {
  if (software === null) {
    // Antialiasing is fixed when a context is made, so a first one is needed to ask.
    const gl = document.createElement("canvas").getContext("webgl2");
    if (!gl) throw new WebGLMissingError("This browser offers no WebGL 2, which the 3D scene needs.");
    const info = gl.getExtension("WEBGL_debug_renderer_info");
    const name = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
    software = /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
    gl.getExtension("WEBGL_lose_context")?.loseContext();
  }
  return software;
}

/** A renderer with an opaque canvas. Throws WebGLMissingError. */
export function createRenderer(): WebGLRenderer {
  const slow = isSoftware();
  ColorManagement.enabled = false; // all colours are sRGB bytes, from palette and theme to pixel
  try {
    const renderer = new WebGLRenderer({ antialias: !slow, alpha: false, stencil: false });
    renderer.setPixelRatio(slow ? 1 : Math.min(window.devicePixelRatio, 2));
    renderer.sortObjects = false; // drawn in the order in which they are added
    return renderer;
  } catch (error) {
    throw new WebGLMissingError(`The 3D scene could not start: ${String(error)}`);
  }
}

/** Call `done` once the GPU (or the processor that plays it) has drawn everything asked for so far. */
export function whenDrawn(gl: WebGL2RenderingContext, done: () => void): void {
  const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  if (!fence) return; // the context is lost
  gl.flush();
  const ask = (): void => {
    const status = gl.clientWaitSync(fence, 0, 0);
    if (status === gl.TIMEOUT_EXPIRED) {
      setTimeout(ask, 1);
      return;
    }
    gl.deleteSync(fence);
    if (status !== gl.WAIT_FAILED) done();
  };
  setTimeout(ask);
}

/** Tells when the browser takes the context away (true) and when it has given it back. Returns how to stop. */
export function watchContext(canvas: HTMLCanvasElement, changed: (lost: boolean) => void): () => void {
  const abort = new AbortController();
  const { signal } = abort;
  const lost = (event: Event): void => {
    event.preventDefault(); // without this it would never come back
    changed(true);
  };
  canvas.addEventListener("webglcontextlost", lost, { signal });
  canvas.addEventListener("webglcontextrestored", () => changed(false), { signal });
  return () => abort.abort();
}
