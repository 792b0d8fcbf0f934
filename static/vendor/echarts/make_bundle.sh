#!/bin/sh
# Writes echarts.min.js: the parts of Apache ECharts that parts.js names, in one file without the canvas renderer.
#
# Usage: sh make_bundle.sh FOLDER        (FOLDER: an empty folder for what npm fetches)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1" && cd "$1"
npm install --prefix . --ignore-scripts --no-audit --no-fund --save-exact \
    echarts@6.1.0 zrender@6.1.0 tslib@2.3.0 esbuild@0.28.2
cp "$here/parts.js" .
node_modules/.bin/esbuild parts.js --bundle --minify --format=iife --global-name=echarts --target=es2020 \
    --legal-comments=none --banner:js="$(cat "$here/banner.txt")" --outfile="$here/echarts.min.js"
cp node_modules/echarts/LICENSE node_modules/echarts/NOTICE "$here"
cp node_modules/echarts/licenses/LICENSE-d3 "$here/LICENSE-d3"
cp node_modules/zrender/LICENSE "$here/LICENSE-zrender"
cp node_modules/tslib/LICENSE.txt "$here/LICENSE-tslib"
