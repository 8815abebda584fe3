<?php
/** The three blocks: PHP draws what their shortcodes draw. */

require __DIR__ . '/runner.php';

test(
	'each is there with its editor script, and draws itself',
	function () {
		Doorstep\register_blocks();
		same( array( 'doorstep/tracking', 'doorstep/reviews', 'doorstep/stars' ), array_keys( $GLOBALS['wordpress_blocks'] ) );
		foreach ( $GLOBALS['wordpress_blocks'] as $name => $block ) {
			yes( is_callable( $block['render_callback'] ), $name );
			same( array( 'doorstep-blocks' ), $block['editor_script_handles'] );
			yes( 0 === strpos( $GLOBALS['wordpress_scripts']['doorstep-blocks']['address'], 'https://shop.example/wp-content/plugins/doorstep/assets/blocks.js' ) );
			foreach ( $block['attributes'] as $key => $attribute ) {
				same( $attribute['type'], array( 'string' => 'string', 'boolean' => 'boolean', 'integer' => 'integer' )[ gettype( $attribute['default'] ) ], "$name $key" );
			}
		}
	}
);

test(
	'the editor knows the same blocks and attributes as PHP',
	function () {
		Doorstep\register_blocks();
		$script = file_get_contents( WORDPRESS_PLUGIN . '/assets/blocks.js' );
		foreach ( $GLOBALS['wordpress_blocks'] as $name => $block ) {
			yes( false !== strpos( $script, "block(\n    \"" . substr( $name, 9 ) . '"' ), $name );
			foreach ( array_keys( $block['attributes'] ) as $key ) {
				yes( false !== strpos( $script, "\"$key\"" ) || false !== strpos( $script, "attributes.$key" ), $key );
			}
		}
		foreach ( $GLOBALS['wordpress_scripts']['doorstep-blocks']['needs'] as $need ) {
			$global = lcfirst( str_replace( ' ', '', ucwords( str_replace( '-', ' ', substr( $need, 3 ) ) ) ) );
			yes( false !== strpos( $script, "wp.$global" ), $need );
		}
	}
);

test(
	'not connected, they draw nothing',
	function () {
		Doorstep\register_blocks();
		foreach ( array_keys( $GLOBALS['wordpress_blocks'] ) as $name ) {
			same( '', drawn_block( $name, 'doorstep/tracking' === $name ? array() : array( 'product' => 7 ) ), $name );
		}
	}
);

test(
	'what is set in the editor is drawn as text',
	function () {
		connect();
		Doorstep\register_blocks();
		$html = drawn_block( 'doorstep/tracking', array( 'heading' => '<script>x</script>', 'text' => '"x"' ) );
		yes( false !== strpos( $html, '<h2>&lt;script&gt;x&lt;/script&gt;</h2>' ), $html );
		yes( false !== strpos( $html, '<p>&quot;x&quot;</p>' ), $html );
		yes( 0 === strpos( $html, '<div class="wp-block-doorstep-tracking">' ), $html );
	}
);

test(
	'a block with wrong types in it is drawn all the same',
	function () {
		connect();
		Doorstep\register_blocks();
		wp_set_current_user( 2 );
		foreach ( array( array( 'heading' => array( 'x' ), 'prefill' => array() ), array( 'heading' => null, 'text' => 7 ) ) as $set ) {
			yes( false !== strpos( drawn_block( 'doorstep/tracking', $set ), '<form' ) );
		}
		same( '', drawn_block( 'doorstep/stars', array( 'product' => array( 7 ) ) ) );
		same( '', drawn_block( 'doorstep/stars', array( 'product' => '"><x' ) ) );
		same( '', Doorstep\stars_block( '', '', null ) );
	}
);

test(
	'in a list each product has stars of its own; beside a page that is no product there are none',
	function () {
		connect();
		Doorstep\register_blocks();
		do_action( 'wp_enqueue_scripts' );
		stand_on( array( 'ID' => 5 ) );
		new_product( 41 );
		yes( false !== strpos( drawn_block( 'doorstep/stars', array(), 41 ), 'product="41"' ) );
		yes( false !== strpos( drawn_block( 'doorstep/reviews', array( 'product' => 42, 'how' => false ), 41 ), 'product="42" base="/apps/doorstep">' ) );
		same( '', drawn_block( 'doorstep/stars', array(), 6 ) );
		stand_on( null );
	}
);
