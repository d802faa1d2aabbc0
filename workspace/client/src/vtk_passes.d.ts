// vtk.js ships no types for its passes.
declare module "@kitware/vtk.js/Rendering/OpenGL/ForwardPass" {
  import type { vtkRenderPass } from "@kitware/vtk.js/Rendering/SceneGraph/RenderPass";
  const vtkForwardPass: { newInstance(values: object): vtkRenderPass };
  export default vtkForwardPass;
}
