// Depth cues: what lies behind an edge is darkened, as by a shadow of what stands before it.
//
// Eye-dome lighting (Boucheny 2009, thesis, Université Grenoble 1): only depths are needed, no
// normals and no random samples, so the picture is calm while it turns, and one pass over the
// screen is enough. Ambient occlusion in screen space costs several times the samples and a blur.

import vtkForwardPass from "@kitware/vtk.js/Rendering/OpenGL/ForwardPass";
import vtkFramebuffer from "@kitware/vtk.js/Rendering/OpenGL/Framebuffer";
import vtkMixing from "@kitware/vtk.js/Rendering/OpenGL/OrderIndependentTranslucentPass";
import { COLOURS, drawVeils, type RendererNode } from "../translucency";
import { Darkening } from "./darkening";

/** What is used of vtk.js's view node of the window. */
interface WindowNode {
  getContext(): WebGL2RenderingContext;
  getFramebufferSize(): [number, number];
  getRenderable(): { getRenderersByReference(): unknown[] };
  getViewNodeFor(renderer: unknown): RendererNode;
}
interface Forward {
  traverse(node: unknown): void;
  getOpaqueActorCount(): number;
  setCurrentOperation(name: string): void;
}

interface Mixing {
  traverse(view: unknown, renderer: unknown, forward: unknown): void;
  delete(): void;
}

/** Draws everything, translucent actors in order, and the cues between what is opaque and what is not. */
export class CuedPass {
  on = false;
  /** Depth of the picture, mm, and how large a pixel of it is, mm. */
  rangeMm = 1;
  mmPerPixel = 1;
  private done = false;
  private target: ReturnType<typeof vtkFramebuffer.newInstance> | null = null;
  private darkening: Darkening | null = null;
  /** Veils that cross are mixed pixel by pixel; no order of whole ones would be right. */
  mixed = false;
  /** Veils of which only the wall next to the eye is drawn. */
  closed: ReadonlySet<unknown> = new Set();
  private mixing: Mixing | null = null;
  private readonly forward = vtkForwardPass.newInstance({
    translucentPass: {
      ...COLOURS,
      traverse: (view: WindowNode, renderer: RendererNode, forward: Forward): void => {
        this.cue(view, renderer, forward);
        if (!this.mixed) drawVeils(view.getContext(), renderer, this.closed);
        else (this.mixing ??= vtkMixing.newInstance() as unknown as Mixing).traverse(view, renderer, forward);
      },
    },
  }) as unknown as Forward;

  /** As vtk.js calls it, once a frame. */
  traverse(view: WindowNode): void {
    this.done = false;
    this.forward.traverse(view);
    // Where nothing is translucent, that pass was never asked for.
    const [renderer] = view.getRenderable().getRenderersByReference();
    this.cue(view, view.getViewNodeFor(renderer), this.forward);
  }

  isDeleted(): boolean {
    return false;
  }

  releaseGraphicsResources(): void {
    this.target?.delete();
    this.darkening?.release();
    this.mixing?.delete();
    this.mixing = null;
    this.target = null;
    this.darkening = null;
  }

  /** Draw the depths of what is opaque on a canvas of their own, and darken the picture by them. */
  private cue(view: WindowNode, renderer: RendererNode, forward: Forward): void {
    if (!this.on || this.done || forward.getOpaqueActorCount() === 0) return;
    this.done = true;
    const [width, height] = view.getFramebufferSize();
    const target = (this.target ??= vtkFramebuffer.newInstance());
    target.setOpenGLRenderWindow(view);
    target.saveCurrentBindingsAndBuffers();
    const size = target.getSize();
    if (size?.[0] !== width || size[1] !== height) {
      target.create(width, height);
      target.populateFramebuffer();
    }
    target.bind();
    forward.setCurrentOperation("opaqueZBufferPass");
    renderer.traverse(forward);
    target.restorePreviousBindingsAndBuffers();
    this.darkening ??= new Darkening(view.getContext());
    this.darkening.draw(target.getColorTexture().getHandle(), this.rangeMm, this.mmPerPixel);
  }
}
