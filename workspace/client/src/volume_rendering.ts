// Draws a volume in space with vtk.js, behind and before the solids. Takes values; owns no plan.

import "@kitware/vtk.js/Rendering/OpenGL/Volume";
import "@kitware/vtk.js/Rendering/OpenGL/VolumeMapper";
import vtkDataArray from "@kitware/vtk.js/Common/Core/DataArray";
import vtkImageData from "@kitware/vtk.js/Common/DataModel/ImageData";
import vtkPiecewiseFunction from "@kitware/vtk.js/Common/DataModel/PiecewiseFunction";
import vtkPlane from "@kitware/vtk.js/Common/DataModel/Plane";
import vtkColorTransferFunction from "@kitware/vtk.js/Rendering/Core/ColorTransferFunction";
import type vtkRenderer from "@kitware/vtk.js/Rendering/Core/Renderer";
import vtkVolume from "@kitware/vtk.js/Rendering/Core/Volume";
import vtkVolumeMapper from "@kitware/vtk.js/Rendering/Core/VolumeMapper";
import type { Graphics } from "./graphics";
import type { Texture } from "./images/texture";
import type { Transfer } from "./images/transfer";
import type { Plane } from "./rigid";

/** What is used of vtk.js's window. */
interface Drawable {
  getViews(): { traverseAllPasses(): void }[];
  setInteractor(interactor: unknown): void;
}

export interface DrawnVolume {
  texture: Texture;
  transfer: Transfer;
  /** World; only what lies on their positive sides is drawn. */
  clips: Plane[];
}

/** How many samples a voxel gets along a ray; in software each of them is felt. */
const SAMPLES_PER_VOXEL: Record<Graphics, number> = { hardware: 2, software: 0.8, none: 1 };
const MOST_SAMPLES = 1200;

export class VolumeRendering {
  private volume: vtkVolume | null = null;
  private readonly mapper = vtkVolumeMapper.newInstance();
  private shown: DrawnVolume | null = null;
  private clips: vtkPlane[] = [];

  constructor(
    private readonly renderer: vtkRenderer,
    private readonly graphics: Graphics,
  ) {}

  set(drawn: DrawnVolume | null): void {
    if (drawn === null) {
      if (this.volume) this.renderer.removeVolume(this.volume);
      this.volume?.delete();
      this.volume = null;
      this.shown = null;
      return;
    }
    const volume = (this.volume ??= this.made());
    if (drawn.texture !== this.shown?.texture) this.take(drawn.texture);
    if (drawn.transfer !== this.shown?.transfer) this.colour(volume, drawn.transfer, drawn.texture);
    this.setClips(drawn.clips);
    this.shown = drawn;
  }

  close(): void {
    this.set(null);
    this.mapper.delete();
  }

  private made(): vtkVolume {
    const volume = vtkVolume.newInstance();
    volume.setMapper(this.mapper);
    this.mapper.setAutoAdjustSampleDistances(false);
    this.mapper.setMaximumSamplesPerRay(MOST_SAMPLES);
    const look = volume.getProperty();
    look.setInterpolationTypeToLinear();
    look.setShade(true);
    look.setAmbient(0.25);
    look.setDiffuse(0.8);
    look.setSpecular(0.15);
    look.setSpecularPower(20);
    this.standStill();
    this.renderer.addVolume(volume);
    return volume;
  }

  /** vtk.js asks its interactor whether the view moves; here other code moves it, frame by frame. */
  private standStill(): void {
    const window = this.renderer.getRenderWindow() as unknown as Drawable | null;
    const render = () => window?.getViews().forEach((view) => view.traverseAllPasses());
    const onAnimationFrameRateUpdate = () => ({ unsubscribe: () => undefined });
    window?.setInteractor({ isAnimating: () => false, onAnimationFrameRateUpdate, render });
  }

  private take({ voxels, counts, spacing, origin, axes }: Texture): void {
    const image = vtkImageData.newInstance({ spacing, origin, direction: axes.flat() as never });
    image.setDimensions(...counts);
    const scalars = vtkDataArray.newInstance({ name: "values", values: voxels, numberOfComponents: 1 });
    image.getPointData().setScalars(scalars);
    this.mapper.setInputData(image);
    this.mapper.setSampleDistance(Math.min(...spacing) / SAMPLES_PER_VOXEL[this.graphics]);
  }

  private colour(volume: vtkVolume, { colours, densities }: Transfer, { spacing }: Texture): void {
    const colour = vtkColorTransferFunction.newInstance();
    for (const point of colours) colour.addRGBPoint(...point);
    const density = vtkPiecewiseFunction.newInstance();
    for (const [value, opacity] of densities) density.addPoint(value, opacity);
    const look = volume.getProperty();
    look.setRGBTransferFunction(0, colour);
    look.setScalarOpacity(0, density);
    look.setScalarOpacityUnitDistance(0, 2 * Math.min(...spacing));
  }

  private setClips(clips: Plane[]): void {
    if (this.clips.length !== clips.length) {
      this.mapper.removeAllClippingPlanes();
      this.clips = clips.map(() => vtkPlane.newInstance());
      for (const plane of this.clips) this.mapper.addClippingPlane(plane);
    }
    clips.forEach(({ origin, normal }, n) => {
      this.clips[n].setOrigin(...origin);
      this.clips[n].setNormal(...normal);
    });
  }
}
