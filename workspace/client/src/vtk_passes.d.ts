// vtk.js ships no types for its passes.
declare module "@kitware/vtk.js/Rendering/OpenGL/ForwardPass" {
  import type { vtkRenderPass } from "@kitware/vtk.js/Rendering/SceneGraph/RenderPass";
  const vtkForwardPass: { newInstance(values: object): vtkRenderPass };
  export default vtkForwardPass;
}
declare module "@kitware/vtk.js/Rendering/OpenGL/OrderIndependentTranslucentPass" {
  import type { vtkRenderPass } from "@kitware/vtk.js/Rendering/SceneGraph/RenderPass";
  const vtkOrderIndependentTranslucentPass: { newInstance(): vtkRenderPass };
  export default vtkOrderIndependentTranslucentPass;
}
declare module "@kitware/vtk.js/Rendering/OpenGL/Framebuffer" {
  interface Framebuffer {
    setOpenGLRenderWindow(view: unknown): void;
    saveCurrentBindingsAndBuffers(): void;
    restorePreviousBindingsAndBuffers(): void;
    getSize(): [number, number] | null;
    create(width: number, height: number): void;
    populateFramebuffer(): void;
    bind(): void;
    getColorTexture(): { getHandle(): WebGLTexture };
    delete(): void;
  }
  const vtkFramebuffer: { newInstance(): Framebuffer };
  export default vtkFramebuffer;
}
