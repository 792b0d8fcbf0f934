// The parts of Apache ECharts that our charts are made of; README.md says how echarts.min.js is made from this.
import { init, use } from 'echarts/core.js';
import { BarChart, LineChart, SankeyChart } from 'echarts/charts.js';
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from 'echarts/components.js';
import { LabelLayout } from 'echarts/features.js';
import { SVGRenderer } from 'echarts/renderers.js';

use([
  BarChart, LineChart, SankeyChart,
  GridComponent, LegendComponent, MarkLineComponent, TooltipComponent,
  LabelLayout, SVGRenderer,
]);

export { init };
