<?php
// A library from somebody's network.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function load_script() {
	wp_enqueue_script( 'doorstep-chart', 'https://cdn.example/chart.js', array(), '1.0.0', true );
}
