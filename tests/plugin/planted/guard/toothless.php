<?php
// It asks, and goes on all the same.

namespace Doorstep;

defined( 'ABSPATH' ) || define( 'DOORSTEP_ALONE', true );

add_action( 'init', __NAMESPACE__ . '\\begin' );
