<?php
// A script around WordPress.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function show_script() {
	echo '<script src="/chart.js"></script>';
}
